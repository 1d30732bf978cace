// The foot of a dialog with a form: what can be done to the record at the left, cancel and save at the right.
import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  /** Of the saved record, as its deletion. */
  children?: ReactNode;
  /** "Save" unless told. */
  save?: string;
  saving: boolean;
  onClose: () => void;
  testId: string;
}

export function DialogFooter({ children, save, saving, onClose, testId }: Props) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" gap="xs">
      {children || <span />}
      <Group gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button type="submit" loading={saving} data-testid={testId}>
          {save ?? t("common:save")}
        </Button>
      </Group>
    </Group>
  );
}
