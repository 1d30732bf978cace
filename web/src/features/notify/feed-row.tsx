// One notification: a link to what it is about. Opening the conversation marks it as read (`bell.tsx`).
import {
  IconAlarm,
  IconAlertTriangle,
  IconArrowForwardUp,
  IconAt,
  IconChartBar,
  IconChecklist,
  IconClock,
  IconClockExclamation,
  IconClockPlay,
  IconInbox,
  IconMailOff,
  IconMessage,
  IconMessages,
  IconPlugConnectedX,
  IconReceipt2,
  IconRoute,
  IconUserCheck,
  IconUsersGroup,
} from "@tabler/icons-react";
import { Link, linkOptions } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Notification } from "@/api/types.ts";
import { Moment } from "@/ui/time.tsx";
import styles from "./notify.module.css";
import { placeOf, readOne } from "./queries.ts";

const icons: Record<Notification["kind"], typeof IconClock> = {
  offered: IconInbox,
  assigned: IconUserCheck,
  transferred: IconArrowForwardUp,
  client_wrote: IconMessage,
  group_wrote: IconMessages,
  group_joined: IconUsersGroup,
  mentioned: IconAt,
  woken: IconClock,
  send_failed: IconAlertTriangle,
  sla_reminded: IconClockExclamation,
  sla_escalated: IconAlarm,
  sla_share_low: IconChartBar,
  task_assigned: IconChecklist,
  stage_started: IconRoute,
  stage_missed: IconAlarm,
  ticket_returned: IconClockPlay,
  tariff_exceeded: IconReceipt2,
  mailbox_broken: IconMailOff,
  channel_broken: IconPlugConnectedX,
};

function linkTo({ about }: Notification) {
  if (about.type === "mailbox")
    return linkOptions({ to: "/admin/mailboxes/$mailboxId", params: { mailboxId: about.id } });
  if (about.type === "channel")
    return linkOptions({ to: "/admin/channels/$channelId", params: { channelId: about.id } });
  if (about.type === "sla_report") return linkOptions({ to: "/admin/sla-report" });
  if (about.type === "task") return linkOptions({ to: "/tasks", search: { task: about.id } });
  if (about.type === "ticket")
    return linkOptions({ to: "/tickets/$number", params: { number: String(about.number) } });
  return linkOptions({
    to: "/c/$view/$conversationId",
    params: { view: "open", conversationId: about.id },
    search: { message: about.message_id ?? undefined },
  });
}

export function FeedRow({ row }: { row: Notification }) {
  const { t } = useTranslation();
  const Icon = icons[row.kind];
  const isNew = row.read_at === null;
  return (
    <li>
      <Link
        {...linkTo(row)}
        className={styles.row}
        data-unread={isNew || undefined}
        data-kind={row.kind}
        data-testid="notification"
        onClick={() => {
          // Opening a conversation reads all of it; a mailbox's page knows nothing of notifications.
          if (isNew && row.about.type !== "conversation") readOne(row.id).catch(() => undefined);
        }}
      >
        <span className={styles.icon}>
          <Icon size={18} stroke={1.5} />
        </span>
        <span className={styles.words}>
          <span className={styles.what}>{row.text}</span>
          {row.preview && <span className={styles.said}>{row.preview}</span>}
          {placeOf(row) && <span className={styles.where}>{placeOf(row)}</span>}
        </span>
        <Moment at={row.created_at} className={styles.when} />
        {isNew && <span className={styles.dot} role="img" aria-label={t("notify:isNew")} />}
      </Link>
    </li>
  );
}
