// The bar that appears while a form has unsaved changes, and the guard that asks before they are left behind.
import { Button, Transition } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LeaveGuard } from "./leave-guard.tsx";
import styles from "./save-bar.module.css";
import { useKeys } from "./use-keys.ts";

interface Props {
  dirty: boolean;
  /** Something new that is not stored yet, also before anything was typed. */
  fresh?: boolean;
  saving: boolean;
  onSave: () => void;
  onReset: () => void;
  error?: string | null;
}

export function SaveBar({ dirty, fresh = false, saving, onSave, onReset, error }: Props) {
  const { t } = useTranslation();
  const shown = dirty || fresh;
  useKeys({ "mod+s": onSave }, shown && !saving);
  return (
    <>
      <Transition mounted={shown} transition="slide-up" duration={160}>
        {(style) => (
          <div className={styles.bar} style={style} data-testid="save-bar">
            <span
              className={styles.text}
              data-error={error ? true : undefined}
              role={error ? "alert" : undefined}
            >
              {error ?? t(dirty ? "common:unsaved" : "common:fresh")}
            </span>
            <Button variant="default" onClick={onReset} disabled={saving}>
              {t(fresh ? "common:cancel" : "common:discard")}
            </Button>
            <Button onClick={onSave} loading={saving} data-testid="save-button">
              {t("common:save")}
            </Button>
          </div>
        )}
      </Transition>
      <LeaveGuard active={dirty && !saving} />
    </>
  );
}
