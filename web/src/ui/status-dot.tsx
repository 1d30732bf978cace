// A status at a glance: a colour and a shape, so that it can be told without colours.
import { useTranslation } from "react-i18next";
import styles from "./status-dot.module.css";

export const statuses = ["free", "away", "busy", "dnd", "offline"] as const;
export type Status = (typeof statuses)[number];

export function StatusDot({ status, silent = false }: { status: Status; silent?: boolean }) {
  const { t } = useTranslation();
  const name = t(`routing:status.${status}`);
  return silent ? (
    <span className={styles.dot} data-status={status} aria-hidden="true" />
  ) : (
    <span className={styles.dot} data-status={status} role="img" aria-label={name} title={name} />
  );
}
