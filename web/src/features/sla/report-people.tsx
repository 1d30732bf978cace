// What each member of staff has and has closed, and how much of it broke a promise. Every number opens what it counts.
import { IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SlaPersonFigures, SlaSubject } from "@/api/types.ts";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { peopleReportQuery } from "./queries.ts";
import styles from "./report.module.css";
import type { Bounds } from "./report-model.ts";
import { ReportNumber } from "./report-number.tsx";
import { RecordsDialog } from "./report-records.tsx";

const figures = ["open", "open_overdue", "closed", "closed_overdue"] as const;
type Figure = (typeof figures)[number];

/** What a number is a part of. */
const whole: Partial<Record<Figure, Figure>> = { open_overdue: "open", closed_overdue: "closed" };

export function PeopleReport({ bounds, line, of }: { bounds: Bounds; line?: string; of?: SlaSubject }) {
  const { t } = useTranslation();
  const report = useQuery(peopleReportQuery({ ...bounds, line, of }));
  const [asked, setAsked] = useState<{ row: SlaPersonFigures; figure: Figure } | null>(null);
  const columns: Column<SlaPersonFigures>[] = [
    { key: "person", title: t("sla:report.person"), cell: (row) => row.person.name },
    ...figures.map((figure): Column<SlaPersonFigures> => {
      const part = whole[figure];
      return {
        key: figure,
        title: t(`sla:report.work.${figure}`),
        align: "right",
        cell: (row) => (
          <ReportNumber
            count={row[figure]}
            of={part && row[part]}
            label={`${row.person.name}, ${t(`sla:report.work.${figure}`)}`}
            onOpen={() => setAsked({ row, figure })}
          />
        ),
      };
    }),
  ];
  return (
    <>
      <DataTable
        label={t("sla:report.views.people")}
        columns={columns}
        rows={report.data?.items}
        rowKey={(row) => row.person.id}
        error={report.error}
        retry={() => void report.refetch()}
        rowTestId="report-person"
        empty={
          <EmptyState
            icon={<IconUsers size={28} stroke={1.5} />}
            title={t("sla:report.noWorkTitle")}
            text={t("sla:report.noWorkText")}
          />
        }
      />
      <p className={`${styles.note} ${styles.how}`}>{t("sla:report.peopleHow")}</p>
      {asked && (
        <RecordsDialog
          title={`${asked.row.person.name}: ${t(`sla:report.work.${asked.figure}`).toLowerCase()}`}
          path="/sla-report/people/records"
          asked={{ ...bounds, line, of, person: asked.row.person.id, figure: asked.figure }}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
