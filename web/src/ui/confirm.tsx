// Asks before something that is hard to take back: says what will happen; for the gravest asks to type the name.
import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  opened: boolean;
  title: string;
  text: string;
  confirm: string;
  /** When set, this must be typed before the button works. */
  typeName?: string;
  loading?: boolean;
  /** Nothing is lost by it: an ordinary button instead of a red one. */
  harmless?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog({
  opened,
  title,
  text,
  confirm,
  typeName,
  loading = false,
  harmless = false,
  onConfirm,
  onClose,
}: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  useEffect(() => {
    if (opened) setTyped("");
  }, [opened]);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={440}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <Text size="md">{text}</Text>
      {typeName && (
        <TextInput
          mt="md"
          label={t("common:typeName", { name: typeName })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button
          color={harmless ? undefined : "red"}
          loading={loading}
          disabled={typeName !== undefined && typed.trim() !== typeName}
          onClick={onConfirm}
          data-testid="confirm-button"
        >
          {confirm}
        </Button>
      </Group>
    </Modal>
  );
}
