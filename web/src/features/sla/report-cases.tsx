// The very promises a number of the report counts, the newest first.
import { Modal, Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { usePages } from "@/api/pages.ts";
import type { DueNorm, SlaCase, SlaCause, SlaSubject } from "@/api/types.ts";
import { lengthWords } from "@/lib/due.ts";
import { standingOf, standingWords } from "@/lib/promise-words.ts";
import { LoadMore } from "@/ui/load-more.tsx";
import { Delayed, EmptyState, ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { PromiseLink } from "./promise-link.tsx";
import styles from "./report.module.css";
import type { Bounds, Result } from "./report-model.ts";

interface Props {
  norm: DueNorm;
  result: Result;
  cause?: SlaCause;
  bounds: Bounds;
  line: string | undefined;
  of: SlaSubject | undefined;
  onClose: () => void;
}

export default function CasesDialog({ norm, result, cause, bounds, line, of, onClose }: Props) {
  const { t } = useTranslation();
  const pages = usePages<SlaCase>(["sla", "cases"], "/sla-report/cases", {
    ...bounds,
    line,
    of,
    norm,
    result,
    cause,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={`${t(`sla:norm.${norm}`)}: ${(cause ? t(`sla:cause.${cause}`) : t(`sla:report.result.${result}`)).toLowerCase()}`}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {pages.error && !pages.rows ? (
        <ErrorState error={pages.error} retry={pages.retry} compact />
      ) : !pages.rows ? (
        <Delayed>
          <Skeleton height={40} />
          <Skeleton height={40} mt={8} />
        </Delayed>
      ) : pages.rows.length === 0 && !pages.more ? (
        <EmptyState title={t("sla:report.noCases")} compact />
      ) : (
        <>
          <ul className={styles.cases} data-testid="report-cases">
            {pages.rows.map((each) => (
              <CaseItem key={each.id} item={each} />
            ))}
          </ul>
          <LoadMore pages={pages} />
        </>
      )}
    </Modal>
  );
}

function CaseItem({ item }: { item: SlaCase }) {
  const { t } = useTranslation();
  return (
    <li className={styles.case} data-testid="report-case">
      <PromiseLink of={item} className={styles.caseLink}>
        <span className="tnum">{item.number}</span> · {item.subject || t("common:noSubject")}
      </PromiseLink>
      <span className={styles.standing} data-standing={standingOf(item)}>
        {standingWords({ ...item, paused_for: null }, t)}
        {item.missed_at && item.cause && ` · ${t(`sla:cause.${item.cause}`).toLowerCase()}`}
      </span>
      <span className={styles.note}>
        {t("sla:report.began")} <Moment at={item.started_at} long />
        {item.due_at && (
          <>
            {" · "}
            {t("sla:report.due")} <Moment at={item.due_at} long />
          </>
        )}{" "}
        · {t("sla:report.promised", { time: lengthWords(item.target_seconds, t) })}
      </span>
    </li>
  );
}
