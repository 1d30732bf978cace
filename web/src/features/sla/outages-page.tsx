// When services were down: registered here, restored here, narrowed by what stands in the address.
import { Badge, Button } from "@mantine/core";
import { IconPlugConnectedX, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import { usePages } from "@/api/pages.ts";
import type { Outage } from "@/api/types.ts";
import { measuredWords } from "@/lib/due.ts";
import type { OutagesSearch } from "@/routes/search.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { LoadMore } from "@/ui/load-more.tsx";
import { notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { Moment, useTime } from "@/ui/time.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import { OutageDialog } from "./outage-dialog.tsx";
import { OutagesFilter } from "./outages-filter.tsx";
import { servicesQuery } from "./queries.ts";
import { outageBounds } from "./report-model.ts";
import styles from "./sla.module.css";

const route = getRouteApi("/shell/admin/outages");

export function OutagesPage() {
  return (
    <Allowed need="tickets.view">
      <Outages />
    </Allowed>
  );
}

function asked(search: OutagesSearch, bounds: { from?: string; to?: string }) {
  const { about, nature, extent, open } = search;
  const [what, id] = about?.split(":") ?? [];
  return {
    ...bounds,
    kind: nature,
    extent,
    open,
    service: what === "service" ? id : undefined,
    catalogue: what === "catalogue" ? id : undefined,
  };
}

function Outages() {
  const { t } = useTranslation();
  const can = useCan();
  const time = useTime();
  const client = useQueryClient();
  const search = route.useSearch();
  const services = useQuery(servicesQuery);
  const [edited, setEdited] = useState<Outage | "new" | null>(null);
  const pages = usePages<Outage>(["outages", "list"], "/outages", asked(search, outageBounds(search, time)));
  const refresh = () => client.invalidateQueries({ queryKey: ["outages"] });
  useLiveEvents(["outage_changed", "service_changed"], refresh, refresh);
  const manages = can("outages.manage");
  const restore = async (outage: Outage) => {
    try {
      await post(`/outages/${outage.id}/restore`, {});
      await refresh();
    } catch (error) {
      notifyError(error);
    }
  };
  const columns: Column<Outage>[] = [
    {
      key: "of",
      title: t("terms:outage.of"),
      cell: (outage) => (
        <div className={styles.cell}>
          {manages ? (
            <button type="button" className={styles.rowButton} onClick={() => setEdited(outage)}>
              {outage.service?.name ?? outage.catalogue?.name}
            </button>
          ) : (
            <span>{outage.service?.name ?? outage.catalogue?.name}</span>
          )}
          <span className={styles.note}>
            {[
              outage.service?.catalogue ?? t("terms:outage.wholeCatalogue"),
              t(`terms:outage.${outage.kind}`),
              t(`terms:outage.${outage.extent}`),
              outage.pauses_sla && t("terms:outage.pauses"),
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
          {outage.note && <span className={styles.note}>{outage.note}</span>}
        </div>
      ),
    },
    {
      key: "started",
      title: t("terms:outage.started"),
      width: 140,
      secondary: true,
      cell: (outage) => <Moment at={outage.started_at} long />,
    },
    {
      key: "restored",
      title: t("terms:outage.restored"),
      width: 150,
      cell: (outage) =>
        outage.restored_at ? (
          <Moment at={outage.restored_at} long />
        ) : manages ? (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void restore(outage)}
            data-testid="outage-restore"
          >
            {t("terms:outage.restore")}
          </Button>
        ) : (
          <Badge color="red" variant="light" tt="none" fw={500}>
            {t("terms:outage.still")}
          </Badge>
        ),
    },
    {
      key: "total",
      title: t("terms:outage.total"),
      width: 110,
      align: "right",
      secondary: true,
      cell: (outage) => <span className="tnum">{measuredWords(outage.total_seconds, t)}</span>,
    },
    {
      key: "working",
      title: t("terms:outage.working"),
      width: 120,
      align: "right",
      secondary: true,
      cell: (outage) => <span className="tnum">{measuredWords(outage.working_seconds, t)}</span>,
    },
    {
      key: "by",
      title: t("terms:outage.by"),
      width: 150,
      secondary: true,
      cell: (outage) => outage.registered_by?.name ?? <span className={styles.note}>—</span>,
    },
  ];
  const create = manages && (
    <Button
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => setEdited("new")}
      data-testid="outage-create"
    >
      {t("terms:outage.create")}
    </Button>
  );
  return (
    <PageFrame
      wide
      title={t("admin:section.outages")}
      text={
        <>
          {t("terms:outage.text")}{" "}
          <Link to="/admin/sla-report" search={{ by: "availability", period: "month" }}>
            {t("sla:report.views.availability")}
          </Link>
        </>
      }
      actions={create}
    >
      <OutagesFilter search={search} folders={services.data?.items ?? []} />
      <DataTable
        label={t("admin:section.outages")}
        columns={columns}
        rows={pages.rows}
        rowKey={(outage) => outage.id}
        rowTestId="outage-row"
        onOpen={manages ? setEdited : undefined}
        error={pages.error}
        retry={pages.retry}
        empty={
          <EmptyState
            icon={<IconPlugConnectedX size={28} stroke={1.5} />}
            title={t("terms:outage.emptyTitle")}
            text={t("terms:outage.emptyText")}
            action={create || undefined}
          />
        }
      />
      <LoadMore pages={pages} />
      {edited && (
        <OutageDialog
          outage={edited === "new" ? null : edited}
          folders={services.data?.items ?? []}
          of={search.about}
          onClose={() => setEdited(null)}
        />
      )}
    </PageFrame>
  );
}
