// Shows a message whose HTML is plain enough as our own elements, in our own type; everything else goes to the sandboxed frame.
// Invariant: nothing of a client's HTML is injected. It is parsed in an inert document and rebuilt from a short list of tags,
// without attributes except the address of a link, the source of a picture that our server keeps, and the mark of a mention.
import { createElement, Fragment, type ReactNode } from "react";
import type { Attachment } from "@/api/types.ts";

const blockTags = new Set([
  "p",
  "div",
  "ul",
  "ol",
  "li",
  "blockquote",
  "pre",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "hr",
]);
const inlineTags = new Set([
  "b",
  "strong",
  "i",
  "em",
  "u",
  "s",
  "del",
  "ins",
  "code",
  "sub",
  "sup",
  "small",
  "br",
]);
const transparentTags = new Set([
  "span",
  "font",
  "article",
  "section",
  "body",
  "label",
  "tt",
  "big",
  "center",
  "o:p",
]);
const headings = /^h[1-6]$/;

export function parseHtml(html: string): HTMLElement {
  return new DOMParser().parseFromString(html, "text/html").body;
}

/** True when every element is one we can show ourselves. */
export function isSimple(body: Element, attachments: readonly Attachment[]): boolean {
  for (const element of body.querySelectorAll("*")) {
    const tag = element.localName;
    if (tag === "a") continue;
    if (tag === "img") {
      if (ownImage(element, attachments) === null) return false;
      continue;
    }
    if (!blockTags.has(tag) && !inlineTags.has(tag) && !transparentTags.has(tag)) return false;
  }
  return true;
}

/** The address of a picture that our server keeps; null for any other. */
function ownImage(image: Element, attachments: readonly Attachment[]): string | null {
  const source = image.getAttribute("src") ?? "";
  if (/^\/files\/[\w-]+\//.test(source)) return source.includes("?") ? source : `${source}?inline=1`;
  const contentId = source.match(/^cid:(.+)$/i)?.[1];
  const found = attachments.find(
    (attachment) => attachment.content_id && attachment.content_id === contentId,
  );
  return found ? `${found.url}?inline=1` : null;
}

function safeLink(address: string | null): string | null {
  if (!address) return null;
  return /^(https?:|mailto:|tel:)/i.test(address.trim()) ? address.trim() : null;
}

export function SimpleHtml({ body, attachments }: { body: Element; attachments: readonly Attachment[] }) {
  return <>{children(body, attachments)}</>;
}

function children(node: Element, attachments: readonly Attachment[]): ReactNode[] {
  return [...node.childNodes].map((child, index) => show(child, index, attachments));
}

function show(node: ChildNode, key: number, attachments: readonly Attachment[]): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const tag = node.localName;
  if (/display:\s*none|visibility:\s*hidden/i.test(node.getAttribute("style") ?? "")) return null;
  if (tag === "br" || tag === "hr") return createElement(tag, { key });
  if (tag === "img") {
    const source = ownImage(node, attachments);
    return source ? <img key={key} src={source} alt={node.getAttribute("alt") ?? ""} loading="lazy" /> : null;
  }
  const inside = children(node, attachments);
  if (tag === "a") {
    const address = safeLink(node.getAttribute("href"));
    if (!address) return <Fragment key={key}>{inside}</Fragment>;
    return (
      <a key={key} href={address} target="_blank" rel="noopener noreferrer nofollow">
        {inside}
      </a>
    );
  }
  if (tag === "span" && node.hasAttribute("data-mention")) {
    return createElement("span", { key, "data-mention": "" }, ...inside);
  }
  if (headings.test(tag)) return createElement("p", { key }, createElement("strong", null, ...inside));
  if (blockTags.has(tag) || inlineTags.has(tag)) return createElement(tag, { key }, ...inside);
  return <Fragment key={key}>{inside}</Fragment>;
}

const linkPattern = /(https?:\/\/[^\s<>"«»]+[^\s<>"«».,;:!?)\]])/g;

/** Plain text with its line breaks; addresses become links. */
export function PlainText({ text }: { text: string }) {
  return (
    <div style={{ whiteSpace: "pre-wrap" }}>
      {text.split(linkPattern).map((part, index) =>
        index % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
          <a key={index} href={part} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </div>
  );
}
