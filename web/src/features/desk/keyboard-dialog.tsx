// Buttons under an answer: one a row, with words and, if it leads somewhere, an address.
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { KeyboardButton } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import styles from "./route-line.module.css";

interface Props {
  rows: readonly KeyboardButton[][];
  onSave: (rows: KeyboardButton[][]) => void;
  onClose: () => void;
}

const limit = 8;

export function KeyboardDialog({ rows, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const [buttons, setButtons] = useState<KeyboardButton[]>(() =>
    rows.length > 0 ? rows.flat() : [{ title: "" }],
  );
  const change = (index: number, part: Partial<KeyboardButton>) =>
    setButtons((old) => old.map((each, at) => (at === index ? { ...each, ...part } : each)));
  const wrong = (url: string | null | undefined) => Boolean(url) && !/^https?:\/\/\S+$/.test(url ?? "");
  const save = () => {
    const full = buttons.filter((button) => button.title.trim() !== "");
    onSave(full.map((button) => [{ title: button.title.trim(), url: button.url || undefined }]));
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("desk:keyboard.title")}
      size={520}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!buttons.some((button) => wrong(button.url))) save();
        }}
      >
        <div className={styles.keyRows}>
          {buttons.map((button, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: buttons have no name of their own
            <div key={index} className={styles.keyRow}>
              <TextInput
                aria-label={t("desk:keyboard.words")}
                placeholder={t("desk:keyboard.words")}
                maxLength={60}
                value={button.title}
                onChange={(event) => change(index, { title: event.currentTarget.value })}
                data-autofocus={index === buttons.length - 1 || undefined}
                data-testid="keyboard-words"
              />
              <TextInput
                aria-label={t("desk:keyboard.url")}
                placeholder={t("desk:keyboard.urlPlaceholder")}
                value={button.url ?? ""}
                error={wrong(button.url)}
                onChange={(event) => change(index, { url: event.currentTarget.value })}
              />
              <IconButton
                label={t("desk:keyboard.remove")}
                size={36}
                onClick={() => setButtons((old) => old.filter((_, at) => at !== index))}
              >
                <IconTrash size={16} stroke={1.5} />
              </IconButton>
            </div>
          ))}
        </div>
        <Group justify="space-between" mt="md">
          <Button
            variant="default"
            leftSection={<IconPlus size={16} stroke={1.5} />}
            disabled={buttons.length >= limit}
            onClick={() => setButtons((old) => [...old, { title: "" }])}
          >
            {t("desk:keyboard.add")}
          </Button>
          <Button type="submit" data-testid="keyboard-save">
            {t("common:save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
