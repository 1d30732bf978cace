// One client of the list: who, of what company, what was said last, and what to notice.
import { UnstyledButton } from "@mantine/core";
import { IconArrowBackUp, IconCake, IconDeviceMobile, IconStarFilled } from "@tabler/icons-react";
import { type MouseEvent, memo } from "react";
import { useTranslation } from "react-i18next";
import type { Client } from "@/api/types.ts";
import { dayKey } from "@/lib/time.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { Moment, useTime } from "@/ui/time.tsx";
import { hasBirthday } from "./birthday.ts";
import styles from "./clients.module.css";

interface Props {
  client: Client;
  selected: boolean;
  cursor: boolean;
  onOpen: () => void;
  onMenu: (event: MouseEvent) => void;
}

export const ClientRow = memo(function ClientRow({ client, selected, cursor, onOpen, onMenu }: Props) {
  const { t } = useTranslation();
  const time = useTime();
  const birthday = hasBirthday(client.birthday, dayKey(time.now, time.timeZone));
  const below = client.own_staff ? client.position : (client.company?.name ?? client.position);
  const last = client.last;
  const icon = { size: 15, stroke: 1.6 } as const;
  return (
    <UnstyledButton
      className={styles.row}
      onClick={onOpen}
      onContextMenu={onMenu}
      data-selected={selected || undefined}
      data-cursor={cursor || undefined}
      data-faint={!client.actual || undefined}
      aria-current={selected ? "true" : undefined}
      data-testid="client-row"
    >
      <span className={styles.face} data-mine={client.mine || undefined}>
        <Avatar
          name={client.name}
          color={client.avatar_color}
          mark={last && <ChannelMark kind={last.channel} size={12} stroke={1.8} colored />}
        />
        {client.online && <span className={styles.online} />}
        {client.mine && <span className="visually-hidden">{t("clients:row.mine")}</span>}
        {client.online && <span className="visually-hidden">{t("clients:row.online")}</span>}
      </span>
      <span className={styles.body}>
        <span className={styles.top}>
          <span className={styles.name}>{client.name}</span>
          {below && <span className={styles.company}>{below}</span>}
          {last && <Moment at={last.last_message_at} className={styles.time} />}
        </span>
        <span className={styles.bottom}>
          {last?.last_from === "operator" && (
            <IconArrowBackUp {...icon} className={styles.quiet} aria-label={t("clients:row.weAnswered")} />
          )}
          <span className={styles.words}>{last ? last.preview : t("clients:row.silent")}</span>
          <span className={styles.marks}>
            {birthday && <IconCake {...icon} aria-label={t("clients:row.birthday")} />}
            {client.mobile && <IconDeviceMobile {...icon} aria-label={t("clients:row.mobile")} />}
            {client.favourite && (
              <IconStarFilled size={14} className={styles.star} aria-label={t("clients:row.favourite")} />
            )}
            {last?.unread && (
              <span className={styles.dot}>
                <span className="visually-hidden">{t("clients:row.unread")}</span>
              </span>
            )}
          </span>
        </span>
      </span>
    </UnstyledButton>
  );
});
