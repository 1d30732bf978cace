// One row of a list: who, when, what about, and what it needs.
import { IconAlertTriangle, IconArrowBackUp, IconClockPause, IconFlag3 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationRow } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { DueBadge } from "@/ui/due-badge.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./conversation-row.module.css";
import type { ListFilter } from "./rows.ts";

interface Props {
  row: ConversationRow;
  filter: Pick<ListFilter, "view" | "line">;
  selected: boolean;
  cursor?: boolean;
}

export const ConversationRowItem = memo(function ConversationRowItem({
  row,
  filter,
  selected,
  cursor = false,
}: Props) {
  const { t } = useTranslation();
  return (
    <Link
      to="/c/$view/$conversationId"
      params={{ view: filter.view, conversationId: row.id }}
      search={(old) => ({ ...old, panel: undefined })}
      preload={false}
      className={styles.row}
      data-selected={selected || undefined}
      data-cursor={cursor || undefined}
      data-unread={row.unread || undefined}
      aria-current={selected ? "true" : undefined}
      data-testid="conversation-row"
      data-number={row.number}
    >
      <Avatar
        name={row.contact.name}
        color={row.contact.avatar_color}
        mark={<ChannelMark kind={row.channel} size={12} stroke={1.8} colored />}
      />
      <span className={styles.body}>
        <span className={styles.top}>
          <span className={styles.who}>
            <span className={styles.name}>{row.contact.name}</span>
            {row.contact.company && <span className={styles.company}>{row.contact.company.name}</span>}
          </span>
          <Moment at={row.last_message_at} className={styles.time} />
        </span>
        <span className={styles.bottom}>
          {row.last_from === "operator" && (
            <IconArrowBackUp
              size={14}
              stroke={1.6}
              className={styles.quiet}
              aria-label={t("desk:row.weAnswered")}
            />
          )}
          <span className={styles.text}>
            <span className={styles.subject}>{row.subject || t("common:noSubject")}</span>
            {row.preview && <span className={styles.preview}>{row.preview}</span>}
          </span>
          <Marks row={row} view={filter.view} />
        </span>
      </span>
    </Link>
  );
});

function Marks({ row, view }: { row: ConversationRow; view: ListFilter["view"] }) {
  const { t } = useTranslation();
  return (
    <span className={styles.marks}>
      {row.delivery === "failed" && (
        <span className={styles.failed} title={t("desk:row.notDelivered")}>
          <IconAlertTriangle size={15} stroke={1.6} aria-label={t("desk:row.notDelivered")} />
        </span>
      )}
      {row.priority === "high" && (
        <IconFlag3 size={15} stroke={1.6} className={styles.high} aria-label={t("desk:priority.high")} />
      )}
      {row.due && <DueBadge due={row.due} />}
      {row.snoozed_until && (
        <span className={styles.snoozed}>
          <IconClockPause size={14} stroke={1.6} aria-label={t("desk:row.until")} />
          <Moment at={row.snoozed_until} />
        </span>
      )}
      {row.assignee && view !== "mine" && (
        <span title={row.assignee.name} className={styles.owner}>
          <Avatar name={row.assignee.name} color={row.assignee.avatar_color} size={18} />
          <span className="visually-hidden">{t("desk:row.owner", { name: row.assignee.name })}</span>
        </span>
      )}
      {row.unread && (
        <span className={styles.dot}>
          <span className="visually-hidden">{t("desk:row.unread")}</span>
        </span>
      )}
    </span>
  );
}
