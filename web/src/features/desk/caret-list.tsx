// A list under the caret: what is being typed after a sign, and what may take its place. The text keeps the focus.
import type { SuggestionKeyDownProps, SuggestionProps } from "@tiptap/suggestion";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import styles from "./caret-list.module.css";

export interface CaretRow {
  key: string;
  /** What is said aloud of it. */
  name: string;
  row: ReactNode;
  choose: () => void;
}

/** What a list is, whatever stands in it. */
interface CaretLook {
  label: "notify:mention.list" | "answers:list";
  testId: string;
  wide?: boolean;
}

/** The open list. */
export interface CaretChoice extends CaretLook {
  rows: CaretRow[];
  chosen: number;
  at: DOMRect;
}

/** Where an editor keeps its open list; there is one at a time. */
export interface CaretPlace {
  current: () => CaretChoice | null;
  show: (choice: CaretChoice | null) => void;
}

/** For the `render` of a Tiptap suggestion: shows what `rowsOf` gives, and has the keys while it is open. */
export function caretList<Item, Chosen>(
  { current, show }: CaretPlace,
  look: CaretLook,
  rowsOf: (props: SuggestionProps<Item, Chosen>) => CaretRow[],
) {
  const open = (props: SuggestionProps<Item, Chosen>) => {
    const at = props.clientRect?.();
    const rows = rowsOf(props);
    show(at && rows.length > 0 ? { ...look, rows, chosen: 0, at } : null);
  };
  return () => ({
    onStart: open,
    onUpdate: open,
    onKeyDown: ({ event }: SuggestionKeyDownProps) => {
      const choice = current();
      if (!choice) return false;
      const { rows, chosen } = choice;
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (move) {
        show({ ...choice, chosen: (chosen + move + rows.length) % rows.length });
        return true;
      }
      if (event.key === "Escape") {
        show(null);
        return true;
      }
      const row = rows[chosen];
      if (row && (event.key === "Enter" || event.key === "Tab") && !event.isComposing) {
        row.choose();
        return true;
      }
      return false;
    },
    onExit: () => show(null),
  });
}

export function CaretList({ choice }: { choice: CaretChoice }) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const { rows, chosen, at } = choice;
  // Above the line when there is no room below; never over the edge of a phone.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of rows decides the height
  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    const { offsetHeight: height, offsetWidth: width } = box;
    const below = at.bottom + 6 + height <= window.innerHeight;
    box.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - 6 - height)}px`;
    box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
  }, [at, rows.length]);
  return createPortal(
    <>
      <div
        ref={list}
        className={styles.list}
        data-wide={choice.wide || undefined}
        role="listbox"
        aria-label={t(choice.label)}
        data-testid={choice.testId}
      >
        {rows.map(({ key, row, choose }, index) => (
          <div
            key={key}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={styles.option}
            // The text keeps the focus.
            onMouseDown={(event) => {
              event.preventDefault();
              choose();
            }}
          >
            {row}
          </div>
        ))}
      </div>
      {/* The focus stays in the text, so that the choice is said aloud here. */}
      <output className="visually-hidden">{rows[chosen]?.name}</output>
    </>,
    document.body,
  );
}
