// The categories of clients: who answers for them, what they are promised, what they may choose.
import { Button } from "@mantine/core";
import { IconPlus, IconUserStar } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { clientCategoriesQuery, tariffPlansQuery } from "@/api/terms.ts";
import type { ClientCategory } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./admin.module.css";
import { ClientCategoryDialog } from "./client-category-dialog.tsx";
import { policiesQuery } from "./queries.ts";

export function ClientCategoriesPage() {
  return (
    <Allowed need="lines.manage">
      <Categories />
    </Allowed>
  );
}

function Categories() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const categories = useQuery(clientCategoriesQuery);
  const policies = useQuery(policiesQuery);
  const plans = useQuery(tariffPlansQuery);
  const [edited, setEdited] = useState<ClientCategory | "new" | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: clientCategoriesQuery.queryKey });
  useLiveEvents(["client_category_changed", "contact_updated", "company_updated"], refresh, refresh);
  const named = (list: { id: string; name: string }[] | undefined, id: string | null | undefined) =>
    list?.find((each) => each.id === id)?.name;
  const columns: Column<ClientCategory>[] = [
    {
      key: "name",
      title: t("terms:category.name"),
      cell: (category) => (
        <div className={styles.cell}>
          <button type="button" className={styles.rowButton} onClick={() => setEdited(category)}>
            {category.name}
          </button>
          <span className={styles.note}>
            {[t("terms:category.tierOf", { tier: category.tier }), category.owner?.name]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </div>
      ),
    },
    {
      key: "policy",
      title: t("terms:category.policy"),
      cell: (category) =>
        named(policies.data?.items, category.policy_id) ?? (
          <span className={styles.note}>{t("terms:category.asLine")}</span>
        ),
    },
    {
      key: "plan",
      title: t("terms:category.plan"),
      secondary: true,
      cell: (category) =>
        named(plans.data?.items, category.tariff_plan_id) ?? <span className={styles.note}>—</span>,
    },
    {
      key: "cards",
      title: t("terms:category.cards"),
      secondary: true,
      cell: (category) =>
        category.contacts + category.companies === 0 ? (
          <span className={styles.note}>{t("terms:category.nobody")}</span>
        ) : (
          [
            category.companies > 0 && t("terms:category.companies", { count: category.companies }),
            category.contacts > 0 && t("terms:category.contacts", { count: category.contacts }),
          ]
            .filter(Boolean)
            .join(", ")
        ),
    },
  ];
  const create = (
    <Button
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => setEdited("new")}
      data-testid="category-create"
    >
      {t("terms:category.create")}
    </Button>
  );
  return (
    <PageFrame
      wide
      title={t("admin:section.client-categories")}
      text={
        <>
          {t("terms:category.text")} <Link to="/admin/tariff-plans">{t("admin:section.tariff-plans")}</Link>
        </>
      }
      actions={categories.data && categories.data.items.length > 0 && create}
    >
      <DataTable
        label={t("admin:section.client-categories")}
        columns={columns}
        rows={categories.data?.items}
        rowKey={(category) => category.id}
        rowTestId="category-row"
        onOpen={setEdited}
        error={categories.error}
        retry={() => void categories.refetch()}
        empty={
          <EmptyState
            icon={<IconUserStar size={28} stroke={1.5} />}
            title={t("terms:category.emptyTitle")}
            text={t("terms:category.emptyText")}
            action={create}
          />
        }
      />
      {edited && (
        <ClientCategoryDialog
          category={edited === "new" ? null : edited}
          policies={policies.data?.items ?? []}
          plans={plans.data?.items ?? []}
          onClose={() => setEdited(null)}
        />
      )}
    </PageFrame>
  );
}
