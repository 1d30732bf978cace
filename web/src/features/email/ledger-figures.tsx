// What became of the letters of a mailbox, and whether our count agrees with the server's.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Mailbox } from "@/api/types.ts";
import { FormSection } from "@/ui/page.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./email.module.css";
import { outcomes } from "./outcomes.ts";

export function LedgerFigures({ mailbox }: { mailbox: Mailbox }) {
  const { t, i18n } = useTranslation();
  const { ledger } = mailbox;
  // Most mailboxes never meet anybody of the block list.
  const shown = outcomes.filter((outcome) => outcome !== "blocked" || ledger.blocked > 0);
  const number = (value: number) => value.toLocaleString(i18n.language);
  return (
    <FormSection
      title={t("email:ledger.title")}
      text={t("email:ledger.text")}
      aside={
        <Link
          to="/admin/mailboxes/$mailboxId/ledger"
          params={{ mailboxId: mailbox.id }}
          className={styles.nowrap}
          data-testid="mailbox-ledger"
        >
          {t("email:ledger.open")}
        </Link>
      }
    >
      <div className={styles.figures}>
        {shown.map((outcome) => (
          <Link
            key={outcome}
            to="/admin/mailboxes/$mailboxId/ledger"
            params={{ mailboxId: mailbox.id }}
            search={{ outcome }}
            className={styles.figure}
          >
            <span
              className={styles.number}
              data-bad={(outcome === "quarantined" && ledger[outcome] > 0) || undefined}
            >
              {number(ledger[outcome])}
            </span>
            {t(`email:outcome.${outcome}`)}
          </Link>
        ))}
      </div>
      <p className={styles.note} data-testid="ledger-comparison">
        {ledger.server_total === null
          ? t("email:ledger.unknown")
          : t("email:ledger.compare", {
              server: number(ledger.server_total),
              total: number(ledger.total),
              left: number(ledger.left_alone),
            })}{" "}
        {mailbox.last_check_at && (
          <>
            {t("email:ledger.checked")} <Moment at={mailbox.last_check_at} long />
          </>
        )}
      </p>
    </FormSection>
  );
}
