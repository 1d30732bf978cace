// How promised times were kept: a period, a line, and for each norm its figures. Every number opens what it counts.
import { Skeleton } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { DueNorm, SlaCause, SlaSubject } from "@/api/types.ts";
import type { SlaReportSearch } from "@/routes/search.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { Delayed, EmptyState, ErrorState } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import { reportQuery } from "./queries.ts";
import styles from "./report.module.css";
import { AvailabilityReport } from "./report-availability.tsx";
import { NormCard } from "./report-card.tsx";
import { ReportFilter } from "./report-filter.tsx";
import { type Bounds, boundsOf, type Result } from "./report-model.ts";
import { PeopleReport } from "./report-people.tsx";
import { ServicesReport } from "./report-services.tsx";
import { StagesReport } from "./report-stages.tsx";

const route = getRouteApi("/shell/admin/sla-report");
const CasesDialog = lazy(() => import("./report-cases.tsx"));

export function ReportPage() {
  const { t } = useTranslation();
  const can = useCan();
  const time = useTime();
  const search = route.useSearch();
  const bounds = boundsOf(search, time);
  return (
    <Allowed need="conversations.view">
      <PageFrame
        wide
        title={t("sla:report.title")}
        text={t("sla:report.text")}
        back={
          can("lines.manage") ? <Link to="/admin/sla-policies">{t("sla:policies.title")}</Link> : undefined
        }
      >
        <ReportFilter search={search} />
        {bounds ? (
          <View search={search} bounds={bounds} />
        ) : (
          <p className={styles.error} role="alert">
            {t("sla:report.wrongDates")}
          </p>
        )}
      </PageFrame>
    </Allowed>
  );
}

function View({ search, bounds }: { search: SlaReportSearch; bounds: Bounds }) {
  const can = useCan();
  const { line, of } = search;
  switch (search.by) {
    case "services":
      return <ServicesReport bounds={bounds} line={line} />;
    case "availability":
      return <AvailabilityReport search={search} bounds={bounds} />;
    case "people":
      return <PeopleReport bounds={bounds} line={line} of={of} />;
    default:
      return (
        <>
          <Figures bounds={bounds} line={line} of={of} />
          {of !== "conversation" && can("tickets.view") && <StagesReport bounds={bounds} line={line} />}
        </>
      );
  }
}

function Figures({ bounds, line, of }: { bounds: Bounds; line?: string; of?: SlaSubject }) {
  const { t } = useTranslation();
  const report = useQuery(reportQuery({ ...bounds, line, of }));
  const [asked, setAsked] = useState<{ norm: DueNorm; result: Result; cause?: SlaCause } | null>(null);
  if (report.error && !report.data)
    return <ErrorState error={report.error} retry={() => void report.refetch()} />;
  if (!report.data) {
    return (
      <Delayed>
        <div className={styles.cards}>
          {["reaction", "reply", "resolution"].map((norm) => (
            <Skeleton key={norm} height={220} />
          ))}
        </div>
      </Delayed>
    );
  }
  if (report.data.items.length === 0) {
    return (
      <EmptyState
        icon={<IconChartBar size={28} stroke={1.5} />}
        title={t("sla:report.emptyTitle")}
        text={t("sla:report.emptyText")}
      />
    );
  }
  return (
    <>
      <div className={styles.cards}>
        {report.data.items.map((figures) => (
          <NormCard
            key={figures.norm}
            figures={figures}
            wanted={report.data.wanted_percent}
            onOpen={(result, cause) => setAsked({ norm: figures.norm, result, cause })}
          />
        ))}
      </div>
      <p className={`${styles.note} ${styles.how}`}>{t("sla:report.how")}</p>
      <Suspense>
        {asked && (
          <CasesDialog {...asked} bounds={bounds} line={line} of={of} onClose={() => setAsked(null)} />
        )}
      </Suspense>
    </>
  );
}
