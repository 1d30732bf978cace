// One quiet line over the workspace while a channel does not work: what supervisors must know before clients tell them.
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { longTime } from "@/lib/time.ts";
import { useTime } from "@/ui/time.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./channel-health.module.css";
import { healthQuery } from "./queries.ts";

export function ChannelHealthBar() {
  const { t } = useTranslation();
  const can = useCan();
  const time = useTime();
  const client = useQueryClient();
  const { data } = useQuery({ ...healthQuery, refetchInterval: 60_000 });
  const refresh = () => client.invalidateQueries({ queryKey: healthQuery.queryKey });
  useLiveEvents(["channel_changed"], refresh, refresh);
  const broken = data?.broken ?? [];
  const [first] = broken;
  return (
    <div role="status" aria-live="polite">
      {first && (
        <div className={styles.healthBar} data-testid="channel-health">
          <IconPlugConnectedX size={16} stroke={1.5} />
          <span className={styles.healthText}>
            <strong>
              {broken.length === 1
                ? t("channels:health.one", { name: first.name })
                : t("channels:health.many", { count: broken.length })}
            </strong>{" "}
            {broken.length === 1
              ? (first.reason ?? t("channels:health.since", { time: longTime(first.since, time) }))
              : broken.map((each) => each.name).join(", ")}
          </span>
          {can("channels.manage") &&
            (broken.length === 1 ? (
              <Link to="/admin/channels/$channelId" params={{ channelId: first.id }}>
                {t("channels:health.open")}
              </Link>
            ) : (
              <Link to="/admin/channels">{t("channels:health.open")}</Link>
            ))}
        </div>
      )}
    </div>
  );
}
