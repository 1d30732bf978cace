// The status of a ticket in one word; the tone repeats it.
import { useTranslation } from "react-i18next";
import type { TicketStatus } from "@/api/types.ts";
import styles from "./tickets.module.css";

export function StatusBadge({ status }: { status: TicketStatus }) {
  const { t } = useTranslation();
  return (
    <span className={styles.status} data-status={status}>
      {t(`desk:ticket.statuses.${status}`)}
    </span>
  );
}
