// How the tickets of a period stand, service by service. Every number opens what it counts.
import { IconChartBar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SlaServiceFigures } from "@/api/types.ts";
import { percentWords } from "@/lib/due.ts";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import { servicesReportQuery } from "./queries.ts";
import styles from "./report.module.css";
import type { Bounds } from "./report-model.ts";
import { ReportNumber } from "./report-number.tsx";
import { RecordsDialog } from "./report-records.tsx";

const figures = ["total", "done", "overdue", "returned", "active", "active_overdue"] as const;
type Figure = (typeof figures)[number];

/** What a number is a part of. */
const whole: Record<Figure, "total" | "active" | null> = {
  total: null,
  done: "total",
  overdue: "total",
  returned: "total",
  active: "total",
  active_overdue: "active",
};

export function ServicesReport({ bounds, line }: { bounds: Bounds; line?: string }) {
  const { t } = useTranslation();
  const { locale } = useTime();
  const report = useQuery(servicesReportQuery({ ...bounds, line }));
  const [asked, setAsked] = useState<{ row: SlaServiceFigures; figure: Figure } | null>(null);
  const name = (row: SlaServiceFigures) => row.service?.name ?? t("sla:report.noService");
  const number = (figure: Figure): Column<SlaServiceFigures> => ({
    key: figure,
    title: t(`sla:report.figure.${figure}`),
    align: "right",
    secondary: figure === "returned" || figure === "active",
    cell: (row) => {
      const part = whole[figure];
      return (
        <ReportNumber
          count={row[figure]}
          of={part ? row[part] : undefined}
          label={`${name(row)}, ${t(`sla:report.figure.${figure}`)}`}
          onOpen={() => setAsked({ row, figure })}
        />
      );
    },
  });
  const columns: Column<SlaServiceFigures>[] = [
    {
      key: "service",
      title: t("sla:report.service"),
      cell: (row) => (
        <>
          <span className={styles.serviceName}>{name(row)}</span>
          {row.service && <span className={styles.note}>{row.service.catalogue}</span>}
        </>
      ),
    },
    ...figures.map(number),
    {
      key: "kept",
      title: t("sla:report.kept"),
      align: "right",
      cell: (row) => (
        <span className="tnum">
          {row.kept_percent === null ? "—" : percentWords(row.kept_percent, locale)}
        </span>
      ),
    },
  ];
  return (
    <>
      <DataTable
        label={t("sla:report.views.services")}
        columns={columns}
        rows={report.data?.items}
        rowKey={(row) => row.service?.id ?? "none"}
        error={report.error}
        retry={() => void report.refetch()}
        rowTestId="report-service"
        empty={
          <EmptyState
            icon={<IconChartBar size={28} stroke={1.5} />}
            title={t("sla:report.noTicketsTitle")}
            text={t("sla:report.noTicketsText")}
          />
        }
      />
      <p className={`${styles.note} ${styles.how}`}>{t("sla:report.servicesHow")}</p>
      {asked && (
        <RecordsDialog
          title={`${name(asked.row)}: ${t(`sla:report.figure.${asked.figure}`).toLowerCase()}`}
          path="/sla-report/services/records"
          asked={{ ...bounds, line, service: asked.row.service?.id, figure: asked.figure }}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
