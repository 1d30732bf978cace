// Every way clients write besides mail: messengers' accounts and chats on sites, each with how it is. Mailboxes have a page of their own.
import { IconChevronRight, IconMailbox, IconMessages, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import { ChannelStateMark } from "./channel-state.tsx";
import styles from "./channels.module.css";
import { channelsQuery, mailboxesQuery } from "./queries.ts";

export function ChannelsPage() {
  return (
    <Allowed need="channels.manage">
      <Channels />
    </Allowed>
  );
}

function Channels() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  // The moment of the last message changes without an event.
  const channels = useQuery({ ...channelsQuery, refetchInterval: 30_000 });
  const refresh = () => client.invalidateQueries({ queryKey: channelsQuery.queryKey });
  useLiveEvents(["channel_changed"], refresh, refresh);
  const columns: Column<Channel>[] = [
    {
      key: "name",
      title: t("channels:list.name"),
      width: "38%",
      cell: (channel) => (
        <div className={styles.nameCell}>
          <ChannelMark kind={channel.kind} size={24} colored />
          <div className={styles.cell}>
            <Link to="/admin/channels/$channelId" params={{ channelId: channel.id }} className={styles.link}>
              {channel.name}
            </Link>
            <span className={styles.note}>
              {[t(`channels:kind.${channel.kind}`), channel.account_name, channel.line.name]
                .filter((each) => each && each !== channel.name)
                .join(" · ")}
            </span>
          </div>
        </div>
      ),
    },
    {
      key: "state",
      title: t("channels:list.state"),
      cell: (channel) => (
        <div className={styles.cell}>
          <span>
            <ChannelStateMark state={channel.state} />
            {channel.state === "broken" && (
              <span className={styles.since}>
                <Moment at={channel.state_since} long />
              </span>
            )}
          </span>
          {channel.state_reason && <span className={styles.note}>{channel.state_reason}</span>}
          {channel.gap_note && <span className={styles.gapNote}>{channel.gap_note}</span>}
        </div>
      ),
    },
    {
      key: "received",
      title: t("channels:list.received"),
      secondary: true,
      width: 150,
      cell: ({ counts, id }) => (
        <div className={styles.cell}>
          <span className="tnum">{counts.received.toLocaleString(i18n.language)}</span>
          {counts.failed > 0 && (
            <Link
              to="/admin/channels/$channelId/updates"
              params={{ channelId: id }}
              search={{ state: "failed" }}
              className={styles.failedLink}
            >
              {t("channels:list.failed", { number: counts.failed.toLocaleString(i18n.language) })}
            </Link>
          )}
        </div>
      ),
    },
    {
      key: "last",
      title: t("channels:list.last"),
      secondary: true,
      width: 150,
      cell: ({ last_inbound_at }) =>
        last_inbound_at ? (
          <Moment at={last_inbound_at} long />
        ) : (
          <span className={styles.note}>{t("channels:list.never")}</span>
        ),
    },
  ];
  const create = (
    <ButtonLink
      to="/admin/channels/new"
      leftSection={<IconPlus size={18} stroke={1.5} />}
      data-testid="channel-create"
    >
      {t("channels:list.create")}
    </ButtonLink>
  );
  return (
    <PageFrame
      wide
      title={t("channels:list.title")}
      text={t("channels:list.text")}
      actions={channels.data && channels.data.items.length > 0 && create}
    >
      <DataTable
        label={t("channels:list.title")}
        columns={columns}
        rows={channels.data?.items}
        rowKey={(channel) => channel.id}
        rowTestId="channel-row"
        onOpen={(channel) =>
          void navigate({ to: "/admin/channels/$channelId", params: { channelId: channel.id } })
        }
        error={channels.error}
        retry={() => void channels.refetch()}
        empty={
          <EmptyState
            icon={<IconMessages size={28} stroke={1.5} />}
            title={t("channels:list.emptyTitle")}
            text={t("channels:list.emptyText")}
            action={create}
          />
        }
      />
      <MailboxesLink />
    </PageFrame>
  );
}

/** Mail is a channel too; its page is one step away. */
function MailboxesLink() {
  const { t } = useTranslation();
  const { data } = useQuery(mailboxesQuery);
  const broken = data?.items.filter((mailbox) => mailbox.state === "broken").length ?? 0;
  return (
    <Link to="/admin/mailboxes" className={styles.elsewhere} data-testid="channels-mailboxes">
      <IconMailbox size={20} stroke={1.5} />
      <span className={styles.cell}>
        <span className={styles.elsewhereTitle}>{t("channels:mailboxes.title")}</span>
        <span className={styles.note}>
          {data ? t("channels:mailboxes.count", { count: data.items.length }) : t("channels:mailboxes.text")}
          {broken > 0 && (
            <span className={styles.bad}> · {t("channels:mailboxes.broken", { count: broken })}</span>
          )}
        </span>
      </span>
      <IconChevronRight size={18} stroke={1.5} className={styles.elsewhereGo} />
    </Link>
  );
}
