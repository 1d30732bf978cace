// How the stages of routes were done in time; a broken number opens the very stages.
import { Modal, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePages } from "@/api/pages.ts";
import type { Id, StageCase } from "@/api/types.ts";
import { LoadMore } from "@/ui/load-more.tsx";
import { Delayed, ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { stageReportQuery } from "./queries.ts";
import styles from "./report.module.css";
import type { Bounds } from "./report-model.ts";
import { ReportNumber } from "./report-number.tsx";

interface Props {
  bounds: Bounds;
  line?: Id;
}

export function StagesReport({ bounds, line }: Props) {
  const { t } = useTranslation();
  const report = useQuery(stageReportQuery({ ...bounds, line }));
  const [asked, setAsked] = useState(false);
  // Where nobody goes by routes there is nothing to tell.
  if (!report.data || report.data.total === 0) return null;
  const { total, kept, missed, open, reaction_missed } = report.data;
  return (
    <section className={styles.stages} data-testid="stage-report" aria-label={t("stages:report.title")}>
      <h2 className={styles.stagesTitle}>{t("stages:report.title")}</h2>
      <p className={styles.note}>{t("stages:report.text")}</p>
      <dl className={styles.stagesFigures}>
        {(
          [
            ["total", total],
            ["kept", kept],
            ["open", open],
          ] as const
        ).map(([key, count]) => (
          <div key={key}>
            <dt>{t(`stages:report.${key}`)}</dt>
            <dd className="tnum">{count}</dd>
          </div>
        ))}
        <div>
          <dt>{t("stages:report.missed")}</dt>
          <dd data-testid="ola-missed">
            <ReportNumber
              count={missed}
              of={total}
              label={t("stages:report.missed")}
              onOpen={() => setAsked(true)}
            />
          </dd>
        </div>
        <div>
          <dt>{t("stages:report.reaction")}</dt>
          <dd className="tnum">{reaction_missed}</dd>
        </div>
      </dl>
      {asked && <Cases bounds={bounds} line={line} onClose={() => setAsked(false)} />}
    </section>
  );
}

function Cases({ bounds, line, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation();
  const pages = usePages<StageCase>(["sla", "report", "stages"], "/stage-report/cases", { ...bounds, line });
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={t("stages:report.cases")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {pages.error && !pages.rows ? (
        <ErrorState error={pages.error} retry={pages.retry} compact />
      ) : !pages.rows ? (
        <Delayed>
          <Skeleton height={40} />
        </Delayed>
      ) : (
        <ul className={styles.cases} data-testid="stage-cases">
          {pages.rows.map((each) => (
            <li key={each.id} className={styles.case}>
              <Link
                to="/tickets/$number"
                params={{ number: String(each.number) }}
                className={styles.caseLink}
              >
                <span className="tnum">{each.number}</span> · {each.subject}
              </Link>
              <span className={styles.note}>
                {[each.name, each.person?.name].filter(Boolean).join(" · ")}
                {each.due_at && (
                  <>
                    {" · "}
                    <Moment at={each.due_at} long />
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      <LoadMore pages={pages} />
    </Modal>
  );
}
