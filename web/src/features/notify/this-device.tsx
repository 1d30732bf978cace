// What this browser may do: pop up, take push messages with no page open, be installed. And the other browsers that take push.
import { Button } from "@mantine/core";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { post, remove } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { PushDevice } from "@/api/types.ts";
import { canPush, installPrompt, isInstalled } from "@/lib/worker.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone, notifyError, notifyProblem } from "@/ui/notify.ts";
import { FormSection } from "@/ui/page.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./notify.module.css";
import { ownDevice, startPush, stopPush } from "./push.ts";
import { devicesQuery, notificationsKey } from "./queries.ts";

const permission = () => ("Notification" in window ? Notification.permission : "unsupported");

export function ThisDevice() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const [allowed, setAllowed] = useState(permission);
  const own = useQuery({
    queryKey: [...notificationsKey, "own-device", me.id],
    queryFn: () => (canPush() ? ownDevice(me.id) : null),
  });
  const devices = useQuery(devicesQuery).data?.items ?? [];
  const installable = useSyncExternalStore(installPrompt.subscribe, installPrompt.get) !== null;
  const renew = () => client.invalidateQueries({ queryKey: notificationsKey });
  const here = devices.find((device) => device.id === own.data);

  const ask = async () => setAllowed(await Notification.requestPermission());
  const turn = useMutation({
    mutationFn: async () => {
      if (here) return stopPush();
      await ask();
      return startPush(me.id);
    },
    // The browser's own words say little; ours say what to do.
    onError: (error) =>
      error instanceof DOMException ? notifyProblem(t("notify:push.refused")) : notifyError(error),
    onSettled: () => {
      setAllowed(permission());
      return renew();
    },
  });
  const tryOut = useMutation({
    mutationFn: (device: PushDevice) => post<void>(`/notifications/devices/${device.id}/try`, {}),
    onSuccess: () => notifyDone(t("notify:push.tried")),
    onError: (error) => notifyError(error),
  });
  const forget = useMutation({
    mutationFn: (device: PushDevice) => remove(`/notifications/devices/${device.id}`),
    onError: (error) => notifyError(error),
    onSettled: renew,
  });

  return (
    <FormSection title={t("notify:device.title")} text={t("notify:device.text")}>
      <ul className={styles.rows}>
        <li className={styles.line}>
          <div className={styles.lineText}>
            <p className={styles.strong}>{t("notify:desktop.title")}</p>
            <p className={styles.note}>{t(`notify:desktop.${allowed}`)}</p>
          </div>
          {allowed === "default" && (
            <Button variant="default" onClick={() => void ask()} data-testid="allow-desktop">
              {t("notify:desktop.allow")}
            </Button>
          )}
        </li>
        <li className={styles.line}>
          <div className={styles.lineText}>
            <p className={styles.strong}>{t("notify:push.title")}</p>
            <p className={styles.note}>
              {t(!canPush() ? "notify:push.unsupported" : here ? "notify:push.on" : "notify:push.off")}
            </p>
          </div>
          {here && (
            <Button variant="default" loading={tryOut.isPending} onClick={() => tryOut.mutate(here)}>
              {t("notify:push.try")}
            </Button>
          )}
          {canPush() && allowed !== "denied" && (
            <Button
              variant="default"
              loading={turn.isPending}
              onClick={() => turn.mutate()}
              data-testid="push-turn"
            >
              {t(here ? "notify:push.stop" : "notify:push.start")}
            </Button>
          )}
        </li>
        <li className={styles.line}>
          <div className={styles.lineText}>
            <p className={styles.strong}>{t("notify:install.title")}</p>
            <p className={styles.note}>
              {t(
                isInstalled()
                  ? "notify:install.done"
                  : installable
                    ? "notify:install.text"
                    : "notify:install.how",
              )}
            </p>
          </div>
          {installable && (
            <Button
              variant="default"
              leftSection={<IconDownload size={18} stroke={1.5} />}
              onClick={() => void installPrompt.ask()}
            >
              {t("notify:install.action")}
            </Button>
          )}
        </li>
        {devices
          .filter((device) => device.id !== here?.id)
          .map((device) => (
            <li key={device.id} className={styles.line} data-testid="push-device">
              <div className={styles.lineText}>
                <p className={styles.strong}>{device.name || t("notify:device.unknown")}</p>
                <p className={styles.note}>
                  {t("notify:device.since")} <Moment at={device.created_at} long />
                </p>
              </div>
              <IconButton label={t("notify:device.forget")} onClick={() => forget.mutate(device)}>
                <IconTrash size={18} stroke={1.5} />
              </IconButton>
            </li>
          ))}
      </ul>
    </FormSection>
  );
}
