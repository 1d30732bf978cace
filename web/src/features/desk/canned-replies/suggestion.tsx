// Canned replies by "/" in the text: a list under the caret. What is chosen takes the place of what was typed.
import { PluginKey } from "@tiptap/pm/state";
import { Extension } from "@tiptap/react";
import Suggestion from "@tiptap/suggestion";
import type { CannedReply } from "@/api/types.ts";
import { type CaretPlace, caretList } from "../caret-list.tsx";
import styles from "./canned-replies.module.css";
import { asInline } from "./fitting.ts";
import type { CannedReplies } from "./queries.ts";
import { ReplyLine } from "./reply-line.tsx";

export function cannedBySlash(replies: () => CannedReplies | undefined, place: CaretPlace) {
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
            place.show(null);
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
          render: caretList<CannedReply, CannedReply>(
            place,
            { label: "answers:list", testId: "canned-list", wide: true },
            ({ items, query, command }) =>
              (query === "" ? [] : items).map((reply) => ({
                key: reply.id,
                name: reply.name,
                row: (
                  <span className={styles.line}>
                    <ReplyLine reply={reply} />
                  </span>
                ),
                choose: () => command(reply),
              })),
          ),
        }),
      ];
    },
  });
}
