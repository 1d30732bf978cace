// The conversations and tickets a number of a table counts, the newest first.
import { Modal, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Delayed, EmptyState, ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { PromiseLink } from "./promise-link.tsx";
import { recordsQuery } from "./queries.ts";
import styles from "./report.module.css";

/** More the server does not tell. */
const most = 200;

interface Props {
  title: string;
  path: string;
  asked: Record<string, string | undefined>;
  onClose: () => void;
}

export function RecordsDialog({ title, path, asked, onClose }: Props) {
  const { t } = useTranslation();
  const records = useQuery(recordsQuery(path, asked));
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={title}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {records.error && !records.data ? (
        <ErrorState error={records.error} retry={() => void records.refetch()} compact />
      ) : !records.data ? (
        <Delayed>
          <Skeleton height={40} />
          <Skeleton height={40} mt={8} />
        </Delayed>
      ) : records.data.items.length === 0 ? (
        <EmptyState title={t("sla:report.noCases")} compact />
      ) : (
        <>
          <ul className={styles.cases} data-testid="report-records">
            {records.data.items.map((each) => (
              <li key={each.conversation_id ?? each.ticket_id} className={styles.case}>
                <PromiseLink of={each} className={styles.caseLink}>
                  <span className="tnum">{each.number}</span> · {each.subject || t("common:noSubject")}
                </PromiseLink>
                <span className={styles.note}>
                  {t(each.ticket_id ? "sla:report.ticket" : "sla:report.conversation")}
                  {" · "}
                  <Moment at={each.created_at} long />
                </span>
              </li>
            ))}
          </ul>
          {records.data.items.length === most && (
            <p className={styles.note}>{t("sla:report.atMost", { count: most })}</p>
          )}
        </>
      )}
    </Modal>
  );
}
