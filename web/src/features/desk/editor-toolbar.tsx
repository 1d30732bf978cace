// Formatting under the text: bold, italic, lists, quote, code, link.
import { Button, Popover, TextInput } from "@mantine/core";
import {
  IconBlockquote,
  IconBold,
  IconCode,
  IconItalic,
  IconLink,
  IconList,
  IconListNumbers,
} from "@tabler/icons-react";
import type { Editor } from "@tiptap/react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/ui/icon-button.tsx";
import styles from "./editor.module.css";
import type { Marks } from "./editor.tsx";

const icon = { size: 18, stroke: 1.5 } as const;

export function EditorToolbar({ editor, state, label }: { editor: Editor; state: Marks; label: string }) {
  const { t } = useTranslation();
  const tool = (name: keyof Marks, keys: string | undefined, glyph: ReactNode, run: () => void) => (
    <IconButton
      key={name}
      label={t(`desk:composer.${name}`)}
      keys={keys}
      tooltipPosition="top"
      size={28}
      aria-pressed={state[name]}
      data-active={state[name] || undefined}
      className={styles.tool}
      // The text keeps the focus and its selection.
      onMouseDown={(event) => event.preventDefault()}
      onClick={run}
    >
      {glyph}
    </IconButton>
  );
  const chain = () => editor.chain().focus();
  return (
    <div className={styles.toolbar} role="toolbar" aria-label={label}>
      {tool("bold", "mod+b", <IconBold {...icon} />, () => chain().toggleBold().run())}
      {tool("italic", "mod+i", <IconItalic {...icon} />, () => chain().toggleItalic().run())}
      <LinkTool editor={editor} active={state.link} />
      {tool("bulletList", undefined, <IconList {...icon} />, () => chain().toggleBulletList().run())}
      {tool("orderedList", undefined, <IconListNumbers {...icon} />, () => chain().toggleOrderedList().run())}
      {tool("blockquote", undefined, <IconBlockquote {...icon} />, () => chain().toggleBlockquote().run())}
      {tool("code", undefined, <IconCode {...icon} />, () =>
        editor.state.selection.empty ? chain().toggleCodeBlock().run() : chain().toggleCode().run(),
      )}
    </div>
  );
}

function LinkTool({ editor, active }: { editor: Editor; active: boolean }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [address, setAddress] = useState("");
  const open = () => {
    setAddress(String(editor.getAttributes("link").href ?? ""));
    setOpened(true);
  };
  const save = () => {
    const trimmed = address.trim();
    setOpened(false);
    const chain = editor.chain().focus().extendMarkRange("link");
    if (!trimmed) {
      chain.unsetLink().run();
      return;
    }
    const href = /^[a-z][a-z0-9+.-]*:/i.test(trimmed)
      ? trimmed
      : trimmed.includes("@")
        ? `mailto:${trimmed}`
        : `https://${trimmed}`;
    if (editor.state.selection.empty && !active) {
      editor
        .chain()
        .focus()
        .insertContent({ type: "text", text: trimmed, marks: [{ type: "link", attrs: { href } }] })
        .run();
    } else chain.setLink({ href }).run();
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="top-start" width={320} trapFocus returnFocus>
      <Popover.Target>
        <IconButton
          label={t("desk:composer.link")}
          tooltipPosition="top"
          size={28}
          aria-pressed={active}
          data-active={active || undefined}
          className={styles.tool}
          onMouseDown={(event) => event.preventDefault()}
          onClick={open}
        >
          <IconLink {...icon} />
        </IconButton>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <form
          className={styles.linkForm}
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            save();
          }}
        >
          <TextInput
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
            placeholder="https://"
            aria-label={t("desk:composer.linkAddress")}
            data-autofocus
            style={{ flex: 1 }}
          />
          <Button type="submit">
            {t(address.trim() || !active ? "desk:composer.linkSet" : "desk:composer.linkRemove")}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
