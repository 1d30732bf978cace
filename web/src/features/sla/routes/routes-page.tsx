// The routes that tickets go by, and the OLAs by which the time of their stages counts.
import { IconPlus, IconRoute, IconStopwatch } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Ola, ProcessingRoute } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import sla from "../sla.module.css";
import { olaWords } from "./model.ts";
import { olasQuery, routesQuery, servicesQuery } from "./queries.ts";
import styles from "./routes.module.css";

export function RoutesPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: routesQuery.queryKey });
    void client.invalidateQueries({ queryKey: olasQuery.queryKey });
  };
  useLiveEvents(["route_changed", "ola_changed", "service_changed"], refresh, refresh);
  return (
    <Allowed need="lines.manage">
      <PageFrame wide title={t("stages:routes.title")} text={t("stages:routes.text")}>
        <div className={styles.parts}>
          <Routes />
          <Olas />
        </div>
      </PageFrame>
    </Allowed>
  );
}

function Routes() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const routes = useQuery(routesQuery);
  const { data: folders } = useQuery(servicesQuery);
  const services = folders?.items.flatMap((folder) => folder.services) ?? [];
  const create = (
    <ButtonLink
      to="/admin/routes/new"
      leftSection={<IconPlus size={18} stroke={1.5} />}
      data-testid="route-create"
    >
      {t("stages:routes.create")}
    </ButtonLink>
  );
  const columns: Column<ProcessingRoute>[] = [
    {
      key: "name",
      title: t("stages:routes.name"),
      cell: (route) => (
        <div className={sla.cell}>
          <Link to="/admin/routes/$routeId" params={{ routeId: route.id }} className={sla.link}>
            {route.name}
          </Link>
          <span className={sla.note}>{route.definition.stages.map((stage) => stage.name).join(" → ")}</span>
        </div>
      ),
    },
    {
      key: "mode",
      title: t("stages:routes.mode"),
      secondary: true,
      width: 200,
      cell: (route) => t(`stages:mode.${route.definition.mode}`),
    },
    {
      key: "services",
      title: t("stages:routes.services"),
      width: 260,
      cell: (route) =>
        services
          .filter((service) => route.service_ids.includes(service.id))
          .map((service) => service.name)
          .join(", ") || <span className={sla.note}>{t("stages:routes.byHand")}</span>,
    },
  ];
  return (
    <section>
      <div className={styles.head}>
        <h2 className={styles.title}>{t("stages:routes.list")}</h2>
        {routes.data && routes.data.items.length > 0 && create}
      </div>
      <DataTable
        label={t("stages:routes.list")}
        columns={columns}
        rows={routes.data?.items}
        rowKey={(route) => route.id}
        rowTestId="route-row"
        onOpen={(route) => void navigate({ to: "/admin/routes/$routeId", params: { routeId: route.id } })}
        error={routes.error}
        retry={() => void routes.refetch()}
        empty={
          <EmptyState
            icon={<IconRoute size={28} stroke={1.5} />}
            title={t("stages:routes.emptyTitle")}
            text={t("stages:routes.emptyText")}
            action={create}
          />
        }
      />
    </section>
  );
}

function Olas() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const olas = useQuery(olasQuery);
  const create = (
    <ButtonLink
      to="/admin/olas/new"
      variant="default"
      leftSection={<IconPlus size={18} stroke={1.5} />}
      data-testid="ola-create"
    >
      {t("stages:olas.create")}
    </ButtonLink>
  );
  const columns: Column<Ola>[] = [
    {
      key: "name",
      title: t("stages:olas.name"),
      cell: (ola) => (
        <div className={sla.cell}>
          <Link to="/admin/olas/$olaId" params={{ olaId: ola.id }} className={sla.link}>
            {ola.name}
          </Link>
          <span className={sla.note}>{olaWords(ola.definition, t)}</span>
        </div>
      ),
    },
    {
      key: "shrink",
      title: t("stages:olas.shrink"),
      secondary: true,
      width: 200,
      cell: (ola) =>
        ola.definition.shrink
          ? t("stages:olas.shrinks", { percent: ola.definition.least_percent })
          : t("stages:olas.fixed"),
    },
    {
      key: "used",
      title: t("stages:olas.usedBy"),
      width: 260,
      cell: (ola) =>
        ola.used_by.map((route) => route.name).join(", ") || (
          <span className={sla.note}>{t("stages:olas.unused")}</span>
        ),
    },
  ];
  return (
    <section>
      <div className={styles.head}>
        <div>
          <h2 className={styles.title}>{t("stages:olas.title")}</h2>
          <p className={styles.text}>{t("stages:olas.text")}</p>
        </div>
        {olas.data && olas.data.items.length > 0 && create}
      </div>
      <DataTable
        label={t("stages:olas.title")}
        columns={columns}
        rows={olas.data?.items}
        rowKey={(ola) => ola.id}
        rowTestId="ola-row"
        onOpen={(ola) => void navigate({ to: "/admin/olas/$olaId", params: { olaId: ola.id } })}
        error={olas.error}
        retry={() => void olas.refetch()}
        empty={
          <EmptyState
            icon={<IconStopwatch size={28} stroke={1.5} />}
            title={t("stages:olas.emptyTitle")}
            text={t("stages:olas.emptyText")}
            action={create}
          />
        }
      />
    </section>
  );
}
