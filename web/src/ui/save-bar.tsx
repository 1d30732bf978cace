// The bar that appears while a form has unsaved changes, and the guard that asks before they are left behind.
import { Button, Transition } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "./confirm.tsx";
import styles from "./save-bar.module.css";

interface Props {
  dirty: boolean;
  saving: boolean;
  onSave: () => void;
  onReset: () => void;
  error?: string | null;
}

export function SaveBar({ dirty, saving, onSave, onReset, error }: Props) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    shouldBlockFn: () => dirty && !saving,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  return (
    <>
      <Transition mounted={dirty} transition="slide-up" duration={160}>
        {(style) => (
          <div className={styles.bar} style={style} data-testid="save-bar">
            <span
              className={styles.text}
              data-error={error ? true : undefined}
              role={error ? "alert" : undefined}
            >
              {error ?? t("common:unsaved")}
            </span>
            <Button variant="default" onClick={onReset} disabled={saving}>
              {t("common:discard")}
            </Button>
            <Button onClick={onSave} loading={saving} data-testid="save-button">
              {t("common:save")}
            </Button>
          </div>
        )}
      </Transition>
      <ConfirmDialog
        opened={blocker.status === "blocked"}
        title={t("common:leave.title")}
        text={t("common:leave.text")}
        confirm={t("common:leave.confirm")}
        onConfirm={() => blocker.proceed?.()}
        onClose={() => blocker.reset?.()}
      />
    </>
  );
}
