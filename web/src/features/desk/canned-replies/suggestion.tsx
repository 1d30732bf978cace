// Canned replies by "/" in the text: a list under the caret. What is chosen takes the place of what was typed.
import { PluginKey } from "@tiptap/pm/state";
import { Extension } from "@tiptap/react";
import Suggestion, { type SuggestionKeyDownProps, type SuggestionProps } from "@tiptap/suggestion";
import { useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import type { CannedReply } from "@/api/types.ts";
import styles from "./canned-replies.module.css";
import { asInline } from "./fitting.ts";
import type { CannedReplies } from "./queries.ts";
import { ReplyLine } from "./reply-line.tsx";

/** The open list. */
export interface Offered {
  replies: CannedReply[];
  chosen: number;
  at: DOMRect;
  choose: (reply: CannedReply) => void;
}

type Props = SuggestionProps<CannedReply, CannedReply>;

export function cannedBySlash(
  replies: () => CannedReplies | undefined,
  current: () => Offered | null,
  show: (offered: Offered | null) => void,
) {
  const open = (props: Props) => {
    const at = props.clientRect?.();
    if (!at || props.query === "" || props.items.length === 0) {
      show(null);
      return;
    }
    show({ replies: props.items, chosen: 0, at, choose: props.command });
  };
  return Extension.create({
    name: "cannedReply",
    addProseMirrorPlugins() {
      return [
        Suggestion<CannedReply, CannedReply>({
          editor: this.editor,
          pluginKey: new PluginKey("cannedReply"),
          char: "/",
          minQueryLength: 1,
          items: async ({ query }) => (query === "" ? [] : ((await replies()?.find(query)) ?? [])),
          command: ({ editor, range, props: reply }) => {
            show(null);
            // What was typed goes at once, so that nobody's next letters are taken away with it.
            editor.chain().focus().deleteRange(range).run();
            void replies()
              ?.fill(reply)
              .then((html) => {
                if (editor.isDestroyed) return;
                const put = html === null ? `/${reply.short_name}` : asInline(html);
                editor.chain().focus().insertContent(put).run();
              });
          },
          render: () => ({
            onStart: open,
            onUpdate: open,
            onKeyDown: ({ event }: SuggestionKeyDownProps) => {
              const offered = current();
              if (!offered) return false;
              const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
              if (move) {
                const count = offered.replies.length;
                show({ ...offered, chosen: (offered.chosen + move + count) % count });
                return true;
              }
              if (event.key === "Escape") {
                show(null);
                return true;
              }
              const reply = offered.replies[offered.chosen];
              if (reply && (event.key === "Enter" || event.key === "Tab") && !event.isComposing) {
                offered.choose(reply);
                return true;
              }
              return false;
            },
            onExit: () => show(null),
          }),
        }),
      ];
    },
  });
}

export function OfferedList({ offered }: { offered: Offered }) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const { replies, chosen, at, choose } = offered;
  // Above the line when there is no room below; never over the edge of a phone.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of rows decides the height
  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    const { offsetHeight: height, offsetWidth: width } = box;
    const below = at.bottom + 6 + height <= window.innerHeight;
    box.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - 6 - height)}px`;
    box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
  }, [at, replies.length]);
  return createPortal(
    <>
      <div
        ref={list}
        className={styles.offered}
        role="listbox"
        aria-label={t("answers:list")}
        data-testid="canned-list"
      >
        {replies.map((reply, index) => (
          <div
            key={reply.id}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={styles.option}
            // The text keeps the focus.
            onMouseDown={(event) => {
              event.preventDefault();
              choose(reply);
            }}
          >
            <ReplyLine reply={reply} />
          </div>
        ))}
      </div>
      {/* The focus stays in the text, so that the choice is said aloud here. */}
      <output className="visually-hidden">{replies[chosen]?.name}</output>
    </>,
    document.body,
  );
}
