// The text of a signature: formatted, or as HTML for those who bring their own. Loaded apart from the page.
import { SegmentedControl, Textarea } from "@mantine/core";
import { IconBold, IconItalic, IconList } from "@tabler/icons-react";
import { EditorContent, useEditor, useEditorState } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TemplateVariable } from "@/lib/letter-template.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import styles from "./admin.module.css";
import { Variables } from "./line-letters.tsx";
import editorStyles from "./signature-editor.module.css";
import { fitsEditor } from "./signature-html.ts";
import { SignatureLink } from "./signature-link.tsx";

interface Props {
  label: string;
  html: string;
  onChange: (html: string) => void;
  variables: readonly TemplateVariable[];
  error?: string;
}

const icon = { size: 18, stroke: 1.5 } as const;

export default function SignatureEditor(props: Props) {
  const { t } = useTranslation();
  const { label, html, onChange, variables, error } = props;
  // A signature with tables or styles stays as it is: the editor would take them away.
  const [mode, setMode] = useState<"text" | "html">(fitsEditor(html) ? "text" : "html");
  const labelId = useId();
  return (
    <div>
      <div className={editorStyles.head}>
        <p className={styles.label} id={labelId}>
          {label}
        </p>
        <SegmentedControl
          size="xs"
          aria-label={t("admin:signature.mode")}
          value={mode}
          data={[
            {
              value: "text",
              label: t("admin:signature.text"),
              disabled: mode === "html" && !fitsEditor(html),
            },
            { value: "html", label: "HTML" },
          ]}
          onChange={(value) => setMode(value as "text" | "html")}
        />
      </div>
      {mode === "text" ? (
        <Rich {...props} />
      ) : (
        <>
          <Textarea
            aria-labelledby={labelId}
            autosize
            minRows={6}
            maxRows={20}
            styles={{ input: { fontFamily: "var(--font-mono)", fontSize: 13 } }}
            value={html}
            onChange={(event) => onChange(event.currentTarget.value)}
            data-testid="signature-html"
          />
          <Variables variables={variables} onInsert={(variable) => onChange(`${html}{{${variable}}}`)} />
        </>
      )}
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

function Rich({ label, html, onChange, variables }: Props) {
  const { t } = useTranslation();
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  const editor = useEditor({
    extensions: [
      StarterKit.configure({
        heading: false,
        horizontalRule: false,
        code: false,
        codeBlock: false,
        blockquote: false,
        link: { openOnClick: false, autolink: true, defaultProtocol: "https" },
      }),
    ],
    content: html,
    editorProps: {
      attributes: {
        "aria-label": label,
        role: "textbox",
        "aria-multiline": "true",
        "data-testid": "signature-editor",
      },
    },
    onUpdate: ({ editor: changed }) => latest.current(changed.isEmpty ? "" : changed.getHTML()),
  });
  const marks = useEditorState({
    editor,
    selector: ({ editor: current }) => ({
      bold: current.isActive("bold"),
      italic: current.isActive("italic"),
      bulletList: current.isActive("bulletList"),
    }),
  });
  const tool = (name: keyof typeof marks, glyph: ReactNode, run: () => void) => (
    <IconButton
      label={t(`admin:signature.${name}`)}
      tooltipPosition="top"
      size={28}
      aria-pressed={marks[name]}
      data-active={marks[name] || undefined}
      className={editorStyles.tool}
      onMouseDown={(event) => event.preventDefault()}
      onClick={run}
    >
      {glyph}
    </IconButton>
  );
  const chain = () => editor.chain().focus();
  return (
    <>
      <div className={editorStyles.frame}>
        <div className={editorStyles.toolbar} role="toolbar" aria-label={t("admin:signature.formatting")}>
          {tool("bold", <IconBold {...icon} />, () => chain().toggleBold().run())}
          {tool("italic", <IconItalic {...icon} />, () => chain().toggleItalic().run())}
          {tool("bulletList", <IconList {...icon} />, () => chain().toggleBulletList().run())}
          <SignatureLink editor={editor} />
        </div>
        <EditorContent editor={editor} className={editorStyles.field} />
      </div>
      <Variables
        variables={variables}
        onInsert={(variable) => chain().insertContent(`{{${variable}}}`).run()}
      />
    </>
  );
}
