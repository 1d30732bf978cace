// Calling a colleague by "@" in a note: a list under the caret; the name stands in the text as one piece.
import Mention from "@tiptap/extension-mention";
import type { Person } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import styles from "./caret-list.module.css";
import { type CaretPlace, caretList } from "./caret-list.tsx";
import { namedLike } from "./colleagues.ts";

interface Called {
  id: string;
  label: string;
}

export function calledColleague(load: () => Promise<Person[]>, place: CaretPlace) {
  return Mention.extend({
    addAttributes: () => ({
      id: { parseHTML: (element: HTMLElement) => element.getAttribute("data-mention") },
      label: { parseHTML: (element: HTMLElement) => element.textContent?.replace(/^@/, "") ?? "" },
    }),
    parseHTML: () => [{ tag: "span[data-mention]" }],
    renderHTML: ({ node }) => ["span", { "data-mention": node.attrs.id }, `@${node.attrs.label}`],
    renderText: ({ node }) => `@${node.attrs.label}`,
  }).configure({
    suggestion: {
      char: "@",
      items: async ({ query }: { query: string }) => namedLike(await load(), query),
      render: caretList<Person, Called>(
        place,
        { label: "notify:mention.list", testId: "mention-list" },
        ({ items, command }) =>
          items.map(({ id, name, avatar_color }) => ({
            key: id,
            name,
            row: (
              <>
                <Avatar name={name} color={avatar_color} size={24} />
                <span className={styles.name}>{name}</span>
              </>
            ),
            choose: () => command({ id, label: name }),
          })),
      ),
    },
  });
}
