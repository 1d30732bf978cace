// The period and the line of a report; both live in the address.
import { SegmentedControl, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { reportPeriods, reportViews, type SlaReportSearch, slaSubjects } from "@/routes/search.ts";
import { useTime } from "@/ui/time.tsx";
import { linesQuery } from "./queries.ts";
import styles from "./report.module.css";
import { ownDates } from "./report-model.ts";

const ofTickets: readonly (typeof reportViews)[number][] = ["services", "availability"];

export function ReportFilter({ search }: { search: SlaReportSearch }) {
  const { t } = useTranslation();
  const can = useCan();
  const time = useTime();
  const navigate = useNavigate();
  const { data: lines } = useQuery(linesQuery);
  const { period = "week", line } = search;
  const put = (change: SlaReportSearch) =>
    void navigate({ to: "/admin/sla-report", search: (old) => ({ ...old, ...change }), replace: true });
  const dates = ownDates(search, time);
  return (
    <div className={styles.filter}>
      <SegmentedControl
        className={styles.segments}
        aria-label={t("sla:report.view")}
        value={search.by ?? "norms"}
        onChange={(next) => put({ by: reportViews.find((each) => each === next) })}
        data={reportViews
          .filter((each) => !ofTickets.includes(each) || can("tickets.view"))
          .map((each) => ({ value: each, label: t(`sla:report.views.${each}`) }))}
        data-testid="report-view"
      />
      <SegmentedControl
        className={styles.segments}
        aria-label={t("sla:report.period")}
        value={period}
        onChange={(next) => put({ period: reportPeriods.find((each) => each === next) })}
        data={reportPeriods.map((each) => ({ value: each, label: t(`sla:report.periods.${each}`) }))}
        data-testid="report-period"
      />
      {period === "own" &&
        (["from", "to"] as const).map((end) => (
          <TextInput
            key={end}
            type="date"
            aria-label={t(`sla:report.${end}`)}
            value={dates[end]}
            onChange={(event) => event.currentTarget.value && put({ [end]: event.currentTarget.value })}
            data-testid={`report-${end}`}
          />
        ))}
      {search.by !== "services" && search.by !== "availability" && (
        <SegmentedControl
          className={styles.segments}
          aria-label={t("sla:report.of")}
          value={search.of ?? "all"}
          onChange={(next) => put({ of: slaSubjects.find((each) => each === next) })}
          data={(["all", ...slaSubjects] as const).map((each) => ({
            value: each,
            label: t(`sla:subject.${each}`),
          }))}
          data-testid="report-of"
        />
      )}
      {search.by !== "availability" && (
        <Select
          aria-label={t("sla:report.line")}
          data={[
            { value: "", label: t("sla:report.allLines") },
            ...(lines?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={line ?? ""}
          allowDeselect={false}
          onChange={(next) => put({ line: next || undefined })}
          className={styles.line}
          data-testid="report-line"
        />
      )}
    </div>
  );
}
