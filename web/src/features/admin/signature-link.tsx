// The link of the selected words of a signature.
import { Button, Popover, TextInput } from "@mantine/core";
import { IconLink } from "@tabler/icons-react";
import { type Editor, useEditorState } from "@tiptap/react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/ui/icon-button.tsx";
import styles from "./signature-editor.module.css";
import { linkAddress } from "./signature-html.ts";

export function SignatureLink({ editor }: { editor: Editor }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [address, setAddress] = useState("");
  const active = useEditorState({ editor, selector: ({ editor: current }) => current.isActive("link") });
  const save = () => {
    setOpened(false);
    const href = linkAddress(address);
    const chain = editor.chain().focus().extendMarkRange("link");
    if (!href) chain.unsetLink().run();
    else if (editor.state.selection.empty && !active)
      editor
        .chain()
        .focus()
        .insertContent({ type: "text", text: address.trim(), marks: [{ type: "link", attrs: { href } }] })
        .run();
    else chain.setLink({ href }).run();
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus>
      <Popover.Target>
        <IconButton
          label={t("admin:signature.link")}
          tooltipPosition="top"
          size={28}
          aria-pressed={active}
          data-active={active || undefined}
          className={styles.tool}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => {
            setAddress(String(editor.getAttributes("link").href ?? ""));
            setOpened(true);
          }}
        >
          <IconLink size={18} stroke={1.5} />
        </IconButton>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className={styles.link}
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            save();
          }}
        >
          <TextInput
            aria-label={t("admin:signature.address")}
            placeholder={t("admin:signature.address")}
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
            data-autofocus
          />
          <Button type="submit">{t("common:save")}</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
