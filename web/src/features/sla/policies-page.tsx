// The policies: what each promises, by which schedule, on which lines.
import { IconChartBar, IconPlus, IconTargetArrow } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { schedulesQuery } from "@/api/schedules.ts";
import type { SlaPolicy } from "@/api/types.ts";
import { normsInWords } from "@/lib/norms.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import policyStyles from "./policy.module.css";
import { allLinesQuery, policiesQuery } from "./queries.ts";
import styles from "./sla.module.css";

export function PoliciesPage() {
  return (
    <Allowed need="lines.manage">
      <Policies />
    </Allowed>
  );
}

function Policies() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const policies = useQuery(policiesQuery);
  const refresh = () => client.invalidateQueries({ queryKey: policiesQuery.queryKey });
  useLiveEvents(
    ["sla_policy_changed", "line_changed", "service_changed", "client_category_changed"],
    refresh,
    refresh,
  );
  const columns: Column<SlaPolicy>[] = [
    {
      key: "name",
      title: t("sla:policies.name"),
      cell: (policy) => (
        <div className={styles.cell}>
          <Link to="/admin/sla-policies/$policyId" params={{ policyId: policy.id }} className={styles.link}>
            {policy.name}
          </Link>
          <span className={styles.note}>
            {normsInWords(policy.definition.norms, t) || t("sla:policies.noNorms")}
          </span>
        </div>
      ),
    },
    {
      key: "schedule",
      title: t("sla:policies.schedule"),
      secondary: true,
      cell: (policy) => <ScheduleName id={policy.definition.schedule_id ?? null} />,
    },
    { key: "lines", title: t("sla:policies.lines"), cell: (policy) => <Places policy={policy} /> },
  ];
  const create = (
    <ButtonLink
      to="/admin/sla-policies/new"
      leftSection={<IconPlus size={18} stroke={1.5} />}
      data-testid="policy-create"
    >
      {t("sla:policies.create")}
    </ButtonLink>
  );
  return (
    <PageFrame
      wide
      title={t("sla:policies.title")}
      text={t("sla:policies.text")}
      actions={
        policies.data &&
        policies.data.items.length > 0 && (
          <>
            <ReportLink />
            {create}
          </>
        )
      }
    >
      <DataTable
        label={t("sla:policies.title")}
        columns={columns}
        rows={policies.data?.items}
        rowKey={(policy) => policy.id}
        rowTestId="policy-row"
        onOpen={(policy) =>
          void navigate({ to: "/admin/sla-policies/$policyId", params: { policyId: policy.id } })
        }
        error={policies.error}
        retry={() => void policies.refetch()}
        empty={
          <EmptyState
            icon={<IconTargetArrow size={28} stroke={1.5} />}
            title={t("sla:policies.emptyTitle")}
            text={t("sla:policies.emptyText")}
            action={create}
          />
        }
      />
    </PageFrame>
  );
}

function ReportLink() {
  const { t } = useTranslation();
  return (
    <ButtonLink
      to="/admin/sla-report"
      variant="default"
      leftSection={<IconChartBar size={18} stroke={1.5} />}
      data-testid="report-link"
    >
      {t("sla:report.title")}
    </ButtonLink>
  );
}

function ScheduleName({ id }: { id: string | null }) {
  const { t } = useTranslation();
  const { data } = useQuery(schedulesQuery);
  if (id === null) return t("sla:policies.always");
  return data?.items.find((schedule) => schedule.id === id)?.name ?? "…";
}

/** Where a policy holds: its lines by name, its services by number. */
function Places({ policy }: { policy: SlaPolicy }) {
  const { t } = useTranslation();
  const { data } = useQuery(allLinesQuery);
  const lines = (data?.items ?? []).filter((line) => policy.line_ids.includes(line.id));
  const services = policy.service_ids.length + policy.catalogue_ids.length;
  const categories = policy.category_ids.length;
  if (policy.line_ids.length + services + categories === 0)
    return <span className={styles.note}>{t("sla:policies.nowhere")}</span>;
  return (
    <span className={policyStyles.lines}>
      {lines.map((line, index) => (
        <Link key={line.id} to="/admin/lines/$lineId" params={{ lineId: line.id }}>
          {line.name}
          {(index < lines.length - 1 || services + categories > 0) && ","}
        </Link>
      ))}
      {services > 0 && (
        <Link to="/admin/services">
          {t("sla:policies.services", { count: services })}
          {categories > 0 && ","}
        </Link>
      )}
      {categories > 0 && (
        <Link to="/admin/client-categories">{t("sla:policies.categories", { count: categories })}</Link>
      )}
    </span>
  );
}
