// A card of the board: who, since when, what about, how urgent. It is dragged, and moved by its menu too.
import { ActionIcon, Menu } from "@mantine/core";
import { IconArrowBackUp, IconDotsVertical, IconFlag3 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import type { ConversationRow, Id, Person } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { errorText } from "@/ui/states.tsx";
import { StatusDot } from "@/ui/status-dot.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./board.module.css";
import { focusCard } from "./board-keys.ts";
import { takersQuery } from "./board-queries.ts";
import { Load } from "./load.tsx";

interface Props {
  row: ConversationRow;
  line: Id;
  dragged: boolean;
  onDrag: (card: ConversationRow | null) => void;
  onMove: (card: ConversationRow, to: Person | null) => void;
}

export function BoardCard({ row, line, dragged, onDrag, onMove }: Props) {
  const { t } = useTranslation();
  const { id, contact, priority } = row;
  return (
    <li
      className={styles.card}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", `${row.number}`);
        onDrag(row);
      }}
      onDragEnd={() => onDrag(null)}
      data-card={id}
      data-priority={priority}
      data-dragged={dragged || undefined}
      data-unread={row.unread || undefined}
      data-testid="board-card"
      data-number={row.number}
    >
      <Link
        to="/c/$view/$conversationId"
        params={{ view: "open", conversationId: id }}
        search={{ line }}
        preload={false}
        draggable={false}
        className={styles.cardLink}
      >
        <span className={styles.cardTop}>
          <Avatar
            name={contact.name}
            color={contact.avatar_color}
            size={24}
            mark={<ChannelMark kind={row.channel} size={11} stroke={1.8} colored />}
          />
          <span className={styles.client}>{contact.name}</span>
        </span>
        {contact.company && <span className={styles.muted}>{contact.company.name}</span>}
        <span className={styles.words}>{row.subject || row.preview || t("common:noSubject")}</span>
        <span className={styles.cardFoot}>
          <span className="tnum">{row.number}</span>
          {priority !== "none" && (
            <span className={styles.priority}>
              <IconFlag3 size={13} stroke={1.6} aria-hidden="true" />
              <span className="visually-hidden">{t("desk:priority.title")}: </span>
              {t(`desk:priority.${priority}`)}
            </span>
          )}
          <span className={styles.when}>
            {row.last_from === "operator" && (
              <IconArrowBackUp size={13} stroke={1.6} aria-label={t("desk:row.weAnswered")} />
            )}
            <Moment at={row.last_message_at} />
          </span>
        </span>
      </Link>
      <MoveMenu row={row} onMove={onMove} />
    </li>
  );
}

function MoveMenu({ row, onMove }: Pick<Props, "row" | "onMove">) {
  const { t } = useTranslation();
  const me = useMe();
  const [opened, setOpened] = useState(false);
  const takers = useQuery({ ...takersQuery(row.id), enabled: opened });
  const move = (to: Person | null) => {
    onMove(row, to);
    focusCard(row.id);
  };
  const others = takers.data?.operators.filter(({ user }) => user.id !== me.id) ?? [];
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={280}>
      <Menu.Target>
        <ActionIcon
          aria-label={t("staff:board.move", { name: row.contact.name })}
          title={t("staff:board.give")}
          size={28}
          className={styles.moveButton}
          data-move
          data-testid="board-move"
        >
          <IconDotsVertical size={16} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={styles.moveList}>
        {row.assignee?.id !== me.id && (
          <Menu.Item
            leftSection={<Avatar name={me.name} color={me.avatar_color} size={24} />}
            onClick={() => move({ id: me.id, name: me.name, avatar_color: me.avatar_color })}
            data-testid="board-move-me"
          >
            {t("staff:board.toMe")}
          </Menu.Item>
        )}
        {row.assignee && (
          <Menu.Item
            leftSection={<IconArrowBackUp size={18} stroke={1.5} />}
            onClick={() => move(null)}
            data-testid="board-move-queue"
          >
            {t("staff:board.toQueue")}
          </Menu.Item>
        )}
        <Menu.Label>{t("staff:board.give")}</Menu.Label>
        {takers.isPending && <RowSkeletons count={3} height={32} />}
        {takers.error && <Menu.Label>{errorText(takers.error, t)}</Menu.Label>}
        {takers.data && others.length === 0 && <Menu.Label>{t("staff:board.nobodyElse")}</Menu.Label>}
        {others.map(({ user, status, open, load, limit, available, reason }) => (
          <Menu.Item
            key={user.id}
            disabled={!available}
            leftSection={
              <Avatar
                name={user.name}
                color={user.avatar_color}
                size={24}
                mark={<StatusDot status={status} silent />}
              />
            }
            onClick={() => move(user)}
            data-testid="board-move-to"
          >
            <span className={styles.taker}>{user.name}</span>
            <span className={styles.muted}>{reason ?? <Load operator={{ open, load, limit }} />}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
