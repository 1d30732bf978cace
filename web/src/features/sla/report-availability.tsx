// How available services were over a period, service by service or by catalogue. Every number opens its outages.
import { SegmentedControl } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { AvailabilityRow } from "@/api/types.ts";
import { measuredWords } from "@/lib/due.ts";
import { dayKey } from "@/lib/time.ts";
import { type OutagesSearch, reportRows, type SlaReportSearch } from "@/routes/search.ts";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import { availabilityQuery } from "./queries.ts";
import styles from "./report.module.css";
import type { Bounds } from "./report-model.ts";

export function AvailabilityReport({ search, bounds }: { search: SlaReportSearch; bounds: Bounds }) {
  const { t } = useTranslation();
  const time = useTime();
  const navigate = useNavigate();
  const rows = search.rows ?? "service";
  const report = useQuery(availabilityQuery({ ...bounds, by: rows }));
  // Both dates are in the period.
  const since = dayKey(bounds.from, time.timeZone);
  const until = dayKey(new Date(Date.parse(bounds.to) - 1), time.timeZone);
  const listOf = (row: AvailabilityRow, more: OutagesSearch = {}): OutagesSearch => ({
    about: row.service_id ? `service:${row.service_id}` : `catalogue:${row.catalogue_id}`,
    since,
    until,
    ...more,
  });
  const length = (seconds: number, row: AvailabilityRow, more?: OutagesSearch, label?: string) =>
    seconds === 0 ? (
      <span className={`${styles.zero} tnum`}>0</span>
    ) : (
      <Link
        to="/admin/outages"
        search={listOf(row, more)}
        className={`${styles.cell} tnum`}
        aria-label={`${row.name}, ${label}: ${measuredWords(seconds, t)}`}
      >
        {measuredWords(seconds, t)}
      </Link>
    );
  const count = (number: number, row: AvailabilityRow, more?: OutagesSearch, label?: string) =>
    number === 0 ? (
      <span className={`${styles.zero} tnum`}>0</span>
    ) : (
      <Link
        to="/admin/outages"
        search={listOf(row, more)}
        className={`${styles.cell} tnum`}
        aria-label={`${row.name}, ${label}: ${number}`}
      >
        {number}
      </Link>
    );
  const column = (
    key: "outages" | "unplanned" | "downtime" | "unplannedDowntime",
    cell: (row: AvailabilityRow, label: string) => ReturnType<typeof count>,
    secondary = false,
  ): Column<AvailabilityRow> => {
    const title = t(`terms:availability.${key}`);
    return { key, title, align: "right", secondary, cell: (row) => cell(row, title) };
  };
  const surprising: OutagesSearch = { nature: "unplanned" };
  const columns: Column<AvailabilityRow>[] = [
    {
      key: "name",
      title: t(rows === "service" ? "sla:report.service" : "terms:availability.catalogue"),
      cell: (row) => (
        <>
          <span className={styles.serviceName}>{row.name}</span>
          <span className={styles.note}>
            {[rows === "service" && row.catalogue, row.owners.map(({ name }) => name).join(", ")]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </>
      ),
    },
    column("outages", (row, label) => count(row.outages, row, {}, label)),
    column("unplanned", (row, label) => count(row.unplanned, row, surprising, label), true),
    column("downtime", (row, label) => length(row.downtime_seconds, row, {}, label)),
    column(
      "unplannedDowntime",
      (row, label) => length(row.unplanned_downtime_seconds, row, surprising, label),
      true,
    ),
    {
      key: "permitted",
      title: t("terms:availability.permitted"),
      secondary: true,
      cell: (row) => <Permitted row={row} />,
    },
    {
      key: "percent",
      title: t("terms:availability.percent"),
      align: "right",
      cell: (row) => (
        <span className="tnum">
          {row.percent === null || row.percent === undefined ? "—" : percent(row.percent, time.locale)}
        </span>
      ),
    },
  ];
  return (
    <>
      <SegmentedControl
        mb="md"
        aria-label={t("terms:availability.rows")}
        value={rows}
        onChange={(next) =>
          void navigate({
            to: "/admin/sla-report",
            search: (old) => ({ ...old, rows: reportRows.find((each) => each === next) }),
            replace: true,
          })
        }
        data={reportRows.map((value) => ({ value, label: t(`terms:availability.by.${value}`) }))}
        data-testid="availability-rows"
      />
      <DataTable
        label={t("sla:report.views.availability")}
        columns={columns}
        rows={report.data?.items}
        rowKey={(row) => row.service_id ?? row.catalogue_id}
        rowTestId="availability-row"
        error={report.error}
        retry={() => void report.refetch()}
        empty={
          <EmptyState
            icon={<IconPlugConnected size={28} stroke={1.5} />}
            title={t("terms:availability.emptyTitle")}
            text={t("terms:availability.emptyText")}
          />
        }
      />
      <p className={styles.note}>{t("terms:availability.how")}</p>
    </>
  );
}

/** "99,86 %": the second digit is what such numbers differ in. */
function percent(value: number, locale: string): string {
  const options = { style: "percent", maximumFractionDigits: 2 } as const;
  return new Intl.NumberFormat(locale, options).format(value / 100);
}

function Permitted({ row }: { row: AvailabilityRow }) {
  const { t } = useTranslation();
  if (row.permitted_kept === null || row.permitted_kept === undefined)
    return <span className={styles.note}>{t("terms:availability.notSaid")}</span>;
  return (
    <>
      <span data-testid="permitted" data-kept={row.permitted_kept} className={styles.kept}>
        {t(row.permitted_kept ? "terms:availability.kept" : "terms:availability.broken")}
      </span>
      {row.permitted_minutes !== null && row.permitted_minutes !== undefined && (
        <span className={styles.note}>
          {t("terms:availability.minutes", { time: measuredWords(row.permitted_minutes * 60, t) })}
        </span>
      )}
    </>
  );
}
