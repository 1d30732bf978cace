// The bell in the rail: how much is unread, always up to date. What is open on the page counts as read.
import { IconBell } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import { setNews } from "@/lib/title.ts";
import { RailLink } from "@/ui/rail-link.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import { renewPush } from "./push.ts";
import { countQuery, notificationsKey, readConversation } from "./queries.ts";
import { useTelling } from "./use-telling.ts";

export function Bell() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const { data } = useQuery(countQuery);
  const unread = data?.unread ?? 0;
  const renew = () => void client.invalidateQueries({ queryKey: notificationsKey });
  useLiveEvents(["notification_created", "notification_changed"], renew, renew);
  useTelling();
  useEffect(() => setNews(unread), [unread]);
  // Without it push messages stop, and the settings say so.
  useEffect(() => void renewPush(me.id).catch(() => undefined), [me.id]);

  const opened = useLocation().pathname.match(/^\/c\/[^/]+\/([^/]+)/)?.[1];
  useEffect(() => {
    if (!opened || unread === 0) return;
    const look = () => {
      // A lost call is made good by the next change; nothing is worth a message here.
      if (document.visibilityState === "visible") readConversation(opened).catch(() => undefined);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [opened, unread]);

  return (
    <RailLink
      to="/notifications"
      label={t("notify:title")}
      keys="g n"
      counter={unread > 0 ? (unread > 99 ? "99+" : String(unread)) : null}
      counterTestId="notifications-unread"
      testId="notifications"
    >
      <IconBell size={20} stroke={1.5} />
    </RailLink>
  );
}
