// A message that has not reached the server yet: on its way, waiting for the network, or refused with the reason.
import { IconClock, IconCloudOff, IconLock } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { useDelayed } from "@/ui/states.tsx";
import { Attachments } from "./attachments.tsx";
import bodyStyles from "./message-body.module.css";
import styles from "./message-item.module.css";
import type { OutboxEntry } from "./outbox.ts";
import { useOutbox } from "./outbox-provider.tsx";
import { parseHtml, SimpleHtml } from "./simple-html.tsx";

export function WaitingMessage({ entry, chat }: { entry: OutboxEntry; chat: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const { outbox, writeAgain } = useOutbox();
  const { kind, html = "" } = entry.body;
  const body = useMemo(() => parseHtml(html), [html]);
  const slow = useDelayed(entry.state !== "rejected", 600);
  const takeBack = () => {
    const taken = outbox.take(entry.key);
    if (taken) writeAgain(taken.conversationId, kind, taken.body.html ?? "", taken.attachments);
  };
  return (
    <article
      className={`${styles.message} ${styles.pending}`}
      data-kind={kind}
      data-chat={chat || undefined}
      data-testid="message"
      data-state={entry.state}
      aria-label={t(`desk:message.by.${kind}`, { name: me.name })}
    >
      <span className={styles.avatar}>
        <Avatar name={me.name} color={me.avatar_color} size={28} />
      </span>
      <div className={styles.column}>
        <div className={styles.bubble}>
          <header className={styles.head}>
            {kind === "note" && <IconLock size={14} stroke={1.6} className={styles.lock} />}
            <span className={styles.author}>{me.name}</span>
            <span className={styles.meta}>
              {slow && (
                <span className={styles.delivery} data-testid="message-delivery">
                  {entry.attempts > 1 ? (
                    <IconCloudOff size={14} stroke={1.6} />
                  ) : (
                    <IconClock size={14} stroke={1.6} />
                  )}
                  {t(
                    entry.attempts > 1 || entry.state === "waiting"
                      ? "desk:waiting.network"
                      : "desk:waiting.sending",
                  )}
                </span>
              )}
            </span>
          </header>
          <div className={bodyStyles.prose}>
            <SimpleHtml body={body} attachments={entry.attachments} />
          </div>
          <Attachments items={entry.attachments.filter((attachment) => !attachment.inline)} />
        </div>
        {entry.state === "rejected" && (
          <div className={styles.failure} role="alert">
            <p>{t("desk:waiting.rejected", { error: entry.error ?? "" })}</p>
            <div className={styles.failureActions}>
              <button type="button" onClick={() => outbox.retry(entry.key)}>
                {t("common:retry")}
              </button>
              <button type="button" onClick={takeBack}>
                {t("desk:waiting.edit")}
              </button>
            </div>
          </div>
        )}
      </div>
    </article>
  );
}
