// The ledger of a channel: everything the vendor sent, what became of it; what could not be taken can be tried again.
import { Button, SegmentedControl } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { usePages } from "@/api/pages.ts";
import type { ChannelUpdate, UpdateState } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { LoadMore } from "@/ui/load-more.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./channels.module.css";
import { channelQuery, channelsQuery } from "./queries.ts";

const route = getRouteApi("/shell/admin/channels/$channelId/updates");
const states = ["done", "waiting", "ignored", "failed"] as const satisfies UpdateState[];

export function ChannelUpdatesPage() {
  return (
    <Allowed need="channels.manage">
      <Updates />
    </Allowed>
  );
}

function Updates() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { channelId } = route.useParams();
  const { state } = route.useSearch();
  const channel = useQuery(channelQuery(channelId));
  const pages = usePages<ChannelUpdate>(["channel-updates", channelId], `/channels/${channelId}/updates`, {
    state,
  });
  const retry = useMutation({
    mutationFn: (update: ChannelUpdate) => post(`/channels/updates/${update.id}/retry`),
    onSuccess: () => {
      notifyDone(t("channels:updates.retried"));
      void client.invalidateQueries({ queryKey: ["channel-updates", channelId] });
      void client.invalidateQueries({ queryKey: channelsQuery.queryKey });
    },
    onError: (error) => notifyError(error),
  });

  const columns: Column<ChannelUpdate>[] = [
    {
      key: "received",
      title: t("channels:updates.received"),
      width: 150,
      cell: (update) => <Moment at={update.received_at} long />,
    },
    {
      key: "state",
      title: t("channels:updates.state"),
      width: "32%",
      cell: (update) => (
        <div className={styles.cell}>
          <span className={styles.updateState} data-state={update.state}>
            {t(`channels:updates.one.${update.state}`)}
          </span>
          {update.error && <span className={styles.note}>{update.error}</span>}
          {update.state === "failed" && (
            <div style={{ marginTop: 6 }}>
              <Button
                size="compact-sm"
                variant="default"
                loading={retry.isPending && retry.variables.id === update.id}
                onClick={() => retry.mutate(update)}
                data-testid="update-retry"
              >
                {t("channels:updates.retry")}
              </Button>
            </div>
          )}
        </div>
      ),
    },
    {
      key: "body",
      title: t("channels:updates.body"),
      secondary: true,
      cell: (update) => <code className={styles.body}>{update.body_preview}</code>,
    },
  ];
  return (
    <PageFrame
      wide
      title={t("channels:updates.title")}
      text={t("channels:updates.text")}
      back={
        <Link to="/admin/channels/$channelId" params={{ channelId }}>
          {channel.data?.name ?? t("channels:one.title")}
        </Link>
      }
    >
      <div className={styles.tools}>
        <SegmentedControl
          aria-label={t("channels:updates.state")}
          value={state ?? "all"}
          data={[
            { value: "all", label: t("channels:updates.all") },
            ...states.map((value) => ({ value, label: t(`channels:updates.many.${value}`) })),
          ]}
          onChange={(value) =>
            void navigate({
              to: "/admin/channels/$channelId/updates",
              params: { channelId },
              search: { state: states.find((each) => each === value) },
              replace: true,
            })
          }
          data-testid="updates-state"
        />
      </div>
      <DataTable
        label={t("channels:updates.title")}
        columns={columns}
        rows={pages.rows}
        rowKey={(update) => update.id}
        rowTestId="update-row"
        error={pages.error}
        retry={pages.retry}
        empty={
          <EmptyState
            icon={<IconInbox size={28} stroke={1.5} />}
            title={t(state ? "channels:updates.emptyState" : "channels:updates.emptyTitle")}
            text={state ? undefined : t("channels:updates.emptyText")}
          />
        }
      />
      <LoadMore pages={pages} />
    </PageFrame>
  );
}
