// The columns of the list of jobs: they differ by state.
import { useTranslation } from "react-i18next";
import type { Job, JobState } from "@/api/types.ts";
import type { Column } from "@/ui/data-table.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./admin.module.css";

/** What a job does, in the person's language; its own name when there are no words for it. */
export function useJobName(): (kind: string) => string {
  const { t, i18n } = useTranslation();
  return (kind) => (i18n.exists(`admin:jobKind.${kind}`) ? t(`admin:jobKind.${kind}`) : kind);
}

export function useJobColumns(state: JobState, onOpen: (job: Job) => void): Column<Job>[] {
  const { t } = useTranslation();
  const name = useJobName();
  const columns: Column<Job>[] = [
    {
      key: "kind",
      title: t("admin:jobs.kind"),
      cell: (job) => (
        <div className={styles.cell}>
          <button type="button" className={styles.rowButton} onClick={() => onOpen(job)}>
            {name(job.kind)}
          </button>
          {name(job.kind) !== job.kind && <span className={styles.note}>{job.kind}</span>}
          {job.last_error && <span className={styles.phoneError}>{job.last_error}</span>}
        </div>
      ),
    },
  ];
  if (state !== "running")
    columns.push({
      key: "error",
      title: t("admin:jobs.error"),
      secondary: true,
      cell: (job) =>
        job.last_error ? (
          <span className={styles.oneLine} title={job.last_error}>
            {job.last_error}
          </span>
        ) : (
          <span className={styles.note}>{t("admin:jobs.noError")}</span>
        ),
    });
  columns.push({
    key: "attempts",
    title: t("admin:jobs.attempts"),
    secondary: true,
    align: "right",
    width: 110,
    cell: (job) => (
      <span className="tnum">
        {t("admin:jobs.attemptsOf", { number: job.attempts, most: job.max_attempts })}
      </span>
    ),
  });
  columns.push({
    key: "when",
    title: t(`admin:jobs.when.${state}`),
    width: 170,
    cell: (job) => (
      <Moment
        at={state === "running" ? (job.started_at ?? job.run_at) : job.run_at}
        long={state !== "waiting"}
      />
    ),
  });
  return columns;
}
