// How a mailbox is: a coloured mark with its word.
import { useTranslation } from "react-i18next";
import type { MailboxState } from "@/api/types.ts";
import styles from "./email.module.css";

export function MailboxStateMark({ state }: { state: MailboxState }) {
  const { t } = useTranslation();
  return (
    <span className={styles.state} data-testid="mailbox-state" data-state={state}>
      <span className={styles.dot} data-state={state} />
      {t(`email:state.${state}`)}
    </span>
  );
}
