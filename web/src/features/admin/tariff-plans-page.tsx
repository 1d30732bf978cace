// Tariff plans: which services, at which hours and how many requests are included.
import { Button } from "@mantine/core";
import { IconPlus, IconReceipt2 } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { schedulesQuery } from "@/api/schedules.ts";
import { tariffPlansQuery } from "@/api/terms.ts";
import type { TariffPlan } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./admin.module.css";
import { TariffPlanDialog } from "./tariff-plan-dialog.tsx";

export function TariffPlansPage() {
  return (
    <Allowed need="lines.manage">
      <Plans />
    </Allowed>
  );
}

function Plans() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const plans = useQuery(tariffPlansQuery);
  const schedules = useQuery(schedulesQuery);
  const [edited, setEdited] = useState<TariffPlan | "new" | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: tariffPlansQuery.queryKey });
  useLiveEvents(["tariff_plan_changed"], refresh, refresh);
  const limits = (plan: TariffPlan) =>
    (["day", "week", "month"] as const)
      .map((period) => [period, plan[`per_${period}`]] as const)
      .filter(([, limit]) => limit !== null && limit !== undefined)
      .map(([period, limit]) => t(`terms:tariff.per.${period}`, { limit }))
      .join(", ");
  const columns: Column<TariffPlan>[] = [
    {
      key: "name",
      title: t("terms:tariff.name"),
      cell: (plan) => (
        <div className={styles.cell}>
          <button type="button" className={styles.rowButton} onClick={() => setEdited(plan)}>
            {plan.name}
          </button>
          {plan.description && <span className={styles.note}>{plan.description}</span>}
        </div>
      ),
    },
    {
      key: "limits",
      title: t("terms:tariff.limits"),
      cell: (plan) => limits(plan) || <span className={styles.note}>{t("terms:tariff.noLimits")}</span>,
    },
    {
      key: "schedule",
      title: t("terms:tariff.schedule"),
      secondary: true,
      cell: (plan) =>
        schedules.data?.items.find(({ id }) => id === plan.schedule_id)?.name ?? (
          <span className={styles.note}>{t("terms:tariff.asPolicy")}</span>
        ),
    },
    {
      key: "services",
      title: t("terms:tariff.services"),
      secondary: true,
      cell: (plan) =>
        plan.services.length === 0
          ? t("terms:tariff.allServices")
          : t("terms:tariff.countServices", { count: plan.services.length }),
    },
  ];
  const create = (
    <Button
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => setEdited("new")}
      data-testid="plan-create"
    >
      {t("terms:tariff.create")}
    </Button>
  );
  return (
    <PageFrame
      wide
      title={t("admin:section.tariff-plans")}
      text={t("terms:tariff.text")}
      actions={plans.data && plans.data.items.length > 0 && create}
    >
      <DataTable
        label={t("admin:section.tariff-plans")}
        columns={columns}
        rows={plans.data?.items}
        rowKey={(plan) => plan.id}
        rowTestId="plan-row"
        onOpen={setEdited}
        error={plans.error}
        retry={() => void plans.refetch()}
        empty={
          <EmptyState
            icon={<IconReceipt2 size={28} stroke={1.5} />}
            title={t("terms:tariff.emptyTitle")}
            text={t("terms:tariff.emptyText")}
            action={create}
          />
        }
      />
      {edited && <TariffPlanDialog plan={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </PageFrame>
  );
}
