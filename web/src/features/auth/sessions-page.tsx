// Where the person is signed in, and how to end that.
import { Badge, Button } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile, IconDeviceTablet, IconTerminal2 } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { remove } from "@/api/http.ts";
import type { Session } from "@/api/types.ts";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { sessionsQuery } from "./queries.ts";
import styles from "./settings.module.css";
import { deviceName, parseUserAgent } from "./user-agent.ts";

const icons = {
  computer: IconDeviceDesktop,
  phone: IconDeviceMobile,
  tablet: IconDeviceTablet,
  program: IconTerminal2,
};

export function SessionsPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const [ending, setEnding] = useState<Session | "others" | null>(null);
  const others = sessions.data?.items.filter((session) => !session.current) ?? [];

  const end = useMutation({
    mutationFn: (which: Session | "others") =>
      remove(which === "others" ? "/me/sessions" : `/me/sessions/${which.id}`),
    onSuccess: (_, which) => {
      setEnding(null);
      notifyDone(t(which === "others" ? "auth:sessions.endedOthers" : "auth:sessions.ended"));
    },
    onError: (error) => {
      setEnding(null);
      notifyError(error);
    },
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const nameOf = (session: Session) =>
    deviceName(parseUserAgent(session.user_agent)) ?? t("auth:sessions.unknown");

  return (
    <PageFrame
      title={t("auth:sessions.title")}
      text={t("auth:sessions.text")}
      actions={
        others.length > 0 && (
          <Button variant="default" onClick={() => setEnding("others")} data-testid="sessions-end-others">
            {t("auth:sessions.endOthers")}
          </Button>
        )
      }
    >
      {sessions.isPending && <RowSkeletons count={3} />}
      {sessions.isError && <ErrorState error={sessions.error} retry={() => void sessions.refetch()} />}
      {sessions.data && (
        <div className={styles.list}>
          {sessions.data.items.map((session) => {
            const Icon = icons[parseUserAgent(session.user_agent).kind];
            return (
              <div key={session.id} className={styles.row} data-testid="session-row">
                <span className={styles.rowIcon}>
                  <Icon size={20} stroke={1.5} />
                </span>
                <div className={styles.rowText}>
                  <p className={styles.rowTitle} title={session.user_agent}>
                    {nameOf(session)}
                    {session.current && (
                      <Badge component="span" color="green" variant="light" tt="none" fw={500}>
                        {t("auth:sessions.current")}
                      </Badge>
                    )}
                  </p>
                  <p className={styles.note}>
                    {session.ip} · {t("auth:sessions.seen")} <Moment at={session.last_seen_at} long />
                    {" · "}
                    {t("auth:sessions.since")} <Moment at={session.created_at} long />
                  </p>
                </div>
                {!session.current && (
                  <Button variant="default" onClick={() => setEnding(session)} data-testid="session-end">
                    {t("auth:sessions.end")}
                  </Button>
                )}
              </div>
            );
          })}
        </div>
      )}
      <ConfirmDialog
        opened={ending !== null}
        title={ending === "others" ? t("auth:sessions.endOthersTitle") : t("auth:sessions.endTitle")}
        text={
          ending === "others"
            ? t("auth:sessions.endOthersText", { count: others.length })
            : t("auth:sessions.endText", { device: ending ? nameOf(ending) : "" })
        }
        confirm={ending === "others" ? t("auth:sessions.endOthers") : t("auth:sessions.end")}
        loading={end.isPending}
        onConfirm={() => ending && end.mutate(ending)}
        onClose={() => setEnding(null)}
      />
    </PageFrame>
  );
}
