// Words that were found, marked: what the server says of a match, as our own elements.
import type { ReactNode } from "react";

const entities: Record<string, string> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&#x27;": "'",
  "&amp;": "&",
  "&nbsp;": " ",
};

/** "a <mark>b</mark> c" with escaped text -> elements. Nothing else in it is treated as HTML. */
export function marked(snippet: string): ReactNode[] {
  const plain = (text: string) =>
    text.replace(/&(?:lt|gt|quot|#39|#x27|amp|nbsp);/g, (entity) => entities[entity] ?? entity);
  return snippet.split(/<mark>(.*?)<\/mark>/s).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one snippet never move
      <mark key={index}>{plain(part)}</mark>
    ) : (
      plain(part)
    ),
  );
}
