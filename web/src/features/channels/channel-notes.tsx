// What is to be known about a channel first: why it does not work, what may have been missed, what came in.
import { Alert } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Channel } from "@/api/types.ts";
import { longTime } from "@/lib/time.ts";
import { Moment, useTime } from "@/ui/time.tsx";
import styles from "./channels.module.css";

export function ChannelHealthNotes({ channel }: { channel: Channel }) {
  const { t, i18n } = useTranslation();
  const time = useTime();
  const number = (value: number) => value.toLocaleString(i18n.language);
  return (
    <>
      {channel.state === "broken" && (
        <Alert
          color="red"
          mb="md"
          title={
            <>
              {t("channels:one.brokenSince")} <Moment at={channel.state_since} long />
            </>
          }
          data-testid="channel-reason"
        >
          {channel.state_reason ?? t("channels:one.noReason")}
          {channel.next_try_at && (
            <p className={styles.note} style={{ marginTop: 8 }}>
              {Date.parse(channel.next_try_at) > time.now.getTime()
                ? t("channels:one.nextTry", { time: longTime(channel.next_try_at, time) })
                : t("channels:one.nextTryNow")}
            </p>
          )}
        </Alert>
      )}
      {channel.gap_note && (
        <Alert color="yellow" mb="md" data-testid="channel-gap">
          {channel.gap_note}
        </Alert>
      )}
      <div className={styles.figures}>
        <Link
          to="/admin/channels/$channelId/updates"
          params={{ channelId: channel.id }}
          className={styles.figure}
        >
          <span className={styles.number}>{number(channel.counts.received)}</span>
          {t("channels:one.received")}
        </Link>
        <Link
          to="/admin/channels/$channelId/updates"
          params={{ channelId: channel.id }}
          search={{ state: "failed" }}
          className={styles.figure}
        >
          <span className={styles.number} data-bad={channel.counts.failed > 0 || undefined}>
            {number(channel.counts.failed)}
          </span>
          {t("channels:one.failed")}
        </Link>
        <div className={styles.figure}>
          <span className={styles.number}>
            {channel.last_inbound_at ? <Moment at={channel.last_inbound_at} /> : t("channels:one.none")}
          </span>
          {t("channels:one.last")}
        </div>
        <div className={styles.figure}>
          <span className={styles.number}>
            {channel.last_check_at ? <Moment at={channel.last_check_at} /> : t("channels:one.none")}
          </span>
          {t("channels:one.checked")}
        </div>
      </div>
    </>
  );
}
