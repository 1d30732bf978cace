// Calling a colleague by "@" in a note: a list under the caret; the name stands in the text as one piece.
import Mention from "@tiptap/extension-mention";
import type { SuggestionKeyDownProps, SuggestionProps } from "@tiptap/suggestion";
import { useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import type { Person } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { namedLike } from "./colleagues.ts";
import styles from "./mention.module.css";

/** The open list. */
export interface Calling {
  people: Person[];
  chosen: number;
  at: DOMRect;
  choose: (person: Person) => void;
}

type Props = SuggestionProps<Person, { id: string; label: string }>;

export function calledColleague(
  load: () => Promise<Person[]>,
  current: () => Calling | null,
  show: (calling: Calling | null) => void,
) {
  const open = (props: Props) => {
    const at = props.clientRect?.();
    if (!at || props.items.length === 0) {
      show(null);
      return;
    }
    const choose = (person: Person) => props.command({ id: person.id, label: person.name });
    show({ people: props.items, chosen: 0, at, choose });
  };
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
      render: () => ({
        onStart: open,
        onUpdate: open,
        onKeyDown: ({ event }: SuggestionKeyDownProps) => {
          const calling = current();
          if (!calling) return false;
          const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (move) {
            const count = calling.people.length;
            show({ ...calling, chosen: (calling.chosen + move + count) % count });
            return true;
          }
          if (event.key === "Escape") {
            show(null);
            return true;
          }
          const person = calling.people[calling.chosen];
          if (person && (event.key === "Enter" || event.key === "Tab") && !event.isComposing) {
            calling.choose(person);
            return true;
          }
          return false;
        },
        onExit: () => show(null),
      }),
    },
  });
}

export function CallingList({ calling }: { calling: Calling }) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const { people, chosen, at, choose } = calling;
  // Above the line when there is no room below; never over the edge of a phone.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of rows decides the height
  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    const { offsetHeight: height, offsetWidth: width } = box;
    const below = at.bottom + 6 + height <= window.innerHeight;
    box.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - 6 - height)}px`;
    box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
  }, [at, people.length]);
  return createPortal(
    <>
      <div
        ref={list}
        className={styles.list}
        role="listbox"
        aria-label={t("notify:mention.list")}
        data-testid="mention-list"
      >
        {people.map((person, index) => (
          <div
            key={person.id}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={styles.option}
            // The text keeps the focus.
            onMouseDown={(event) => {
              event.preventDefault();
              choose(person);
            }}
          >
            <Avatar name={person.name} color={person.avatar_color} size={24} />
            <span className={styles.name}>{person.name}</span>
          </div>
        ))}
      </div>
      {/* The focus stays in the text, so that the choice is said aloud here. */}
      <output className="visually-hidden">{people[chosen]?.name}</output>
    </>,
    document.body,
  );
}
