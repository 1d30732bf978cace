// The rich text field. Loaded apart from the rest: the first screen does not wait for it.
import Image from "@tiptap/extension-image";
import { Placeholder } from "@tiptap/extensions";
import { type Editor, EditorContent, useEditor, useEditorState } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Attachment, Person } from "@/api/types.ts";
import { asInline } from "./canned-replies/fitting.ts";
import type { CannedReplies } from "./canned-replies/queries.ts";
import { cannedBySlash } from "./canned-replies/suggestion.tsx";
import { type CaretChoice, CaretList, type CaretPlace } from "./caret-list.tsx";
import styles from "./editor.module.css";
import { EditorToolbar } from "./editor-toolbar.tsx";
import { calledColleague } from "./mention.tsx";

export interface EditorHandle {
  focus: () => void;
  clear: () => void;
  insertPicture: (picture: Attachment) => void;
  insertHtml: (html: string) => void;
}

interface Props {
  html: string;
  placeholder: string;
  label: string;
  autoFocus: boolean;
  onChange: (html: string) => void;
  /** Files pasted or dropped into the text. */
  onFiles: (files: File[]) => void;
  onSubmit: () => void;
  onSubmitAndClose: () => void;
  /** Enter sends, Shift+Enter begins a line. */
  enterSends?: boolean;
  /** Without the tools of formatting. */
  bare?: boolean;
  /** Who may be called by "@"; absent: nobody. */
  colleagues?: () => Promise<Person[]>;
  /** What may be put in by "/"; absent: nothing. */
  replies?: CannedReplies;
  ref?: Ref<EditorHandle>;
}

const InlinePicture = Image.extend({
  addAttributes() {
    return { ...this.parent?.(), "data-attachment-id": { default: null } };
  },
}).configure({ inline: true });

export default function RichEditor({
  html,
  placeholder,
  label,
  autoFocus,
  onChange,
  onFiles,
  onSubmit,
  onSubmitAndClose,
  enterSends = false,
  bare = false,
  colleagues,
  replies,
  ref,
}: Props) {
  const [choice, setChoice] = useState<CaretChoice | null>(null);
  const now = { onChange, onFiles, onSubmit, onSubmitAndClose, enterSends, choice, colleagues, replies };
  const latest = useRef(now);
  useEffect(() => {
    latest.current = now;
  });

  const place: CaretPlace = {
    current: () => latest.current.choice,
    show: (next) => {
      latest.current.choice = next;
      setChoice(next);
    },
  };

  const editor = useEditor({
    extensions: [
      StarterKit.configure({
        heading: false,
        horizontalRule: false,
        link: { openOnClick: false, autolink: true, defaultProtocol: "https", protocols: ["mailto", "tel"] },
      }),
      InlinePicture,
      Placeholder.configure({ placeholder }),
      ...(colleagues
        ? [calledColleague(() => latest.current.colleagues?.() ?? Promise.resolve([]), place)]
        : []),
      ...(replies ? [cannedBySlash(() => latest.current.replies, place)] : []),
    ],
    content: html,
    autofocus: autoFocus ? "end" : false,
    editorProps: {
      attributes: { "aria-label": label, role: "textbox", "aria-multiline": "true", "data-testid": "editor" },
      handleKeyDown: (view, event) => {
        // A list has the keys while it is open.
        if (latest.current.choice) return false;
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          if (event.shiftKey) latest.current.onSubmitAndClose();
          else latest.current.onSubmit();
          return true;
        }
        // In a list or a block of code Enter goes on with it.
        const plain =
          view.state.selection.$from.depth === 1 &&
          view.state.selection.$from.parent.type.name === "paragraph";
        const alone = !event.shiftKey && !event.altKey && !event.isComposing;
        if (event.key === "Enter" && latest.current.enterSends && plain && alone) {
          event.preventDefault();
          latest.current.onSubmit();
          return true;
        }
        if (event.key === "Escape") {
          (event.target as HTMLElement | null)?.blur();
          return true;
        }
        return false;
      },
      handlePaste: (_view, event) => take(event, event.clipboardData?.files, latest.current.onFiles),
      handleDrop: (_view, event) => take(event, event.dataTransfer?.files, latest.current.onFiles),
    },
    onUpdate: ({ editor: changed }) => latest.current.onChange(changed.isEmpty ? "" : changed.getHTML()),
  });

  useImperativeHandle(
    ref,
    () => ({
      focus: () => editor.commands.focus("end"),
      clear: () => editor.commands.clearContent(true),
      insertPicture: (picture) =>
        editor
          .chain()
          .focus()
          .insertContent({
            type: "image",
            attrs: { src: `${picture.url}?inline=1`, alt: picture.name, "data-attachment-id": picture.id },
          })
          .run(),
      insertHtml: (more) => editor.chain().focus().insertContent(asInline(more)).run(),
    }),
    [editor],
  );

  return (
    <>
      <EditorContent editor={editor} className={styles.field} />
      {choice && <CaretList choice={choice} />}
      {!bare && <Tools editor={editor} />}
    </>
  );
}

function Tools({ editor }: { editor: Editor }) {
  const { t } = useTranslation();
  return <EditorToolbar editor={editor} state={useMarks(editor)} label={t("desk:composer.formatting")} />;
}

/** Files in a paste or a drop are ours to upload; anything else is the editor's. */
function take(event: Event, files: FileList | undefined, onFiles: (files: File[]) => void): boolean {
  if (!files || files.length === 0) return false;
  event.preventDefault();
  onFiles([...files]);
  return true;
}

export interface Marks {
  bold: boolean;
  italic: boolean;
  bulletList: boolean;
  orderedList: boolean;
  blockquote: boolean;
  code: boolean;
  link: boolean;
}

function useMarks(editor: Editor): Marks {
  return useEditorState({
    editor,
    selector: ({ editor: current }) => ({
      bold: current.isActive("bold"),
      italic: current.isActive("italic"),
      bulletList: current.isActive("bulletList"),
      orderedList: current.isActive("orderedList"),
      blockquote: current.isActive("blockquote"),
      code: current.isActive("code") || current.isActive("codeBlock"),
      link: current.isActive("link"),
    }),
  });
}
