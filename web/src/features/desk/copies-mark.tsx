// How far a message of a group conversation has got to each client who takes part, and what failed.
import { Popover } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Id, Message } from "@/api/types.ts";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { notifyError } from "@/ui/notify.ts";
import { refreshConversation } from "./cache.ts";
import { stateOf } from "./copies.ts";
import { arrived, deliveryIcons } from "./delivery.tsx";
import styles from "./members.module.css";
import item from "./message-item.module.css";

export function CopiesMark({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { copies } = message;
  const state = stateOf(copies);
  const done = copies.filter((copy) => arrived.has(copy.delivery.state)).length;
  return (
    <Popover position="top-end" width={280} shadow="md" withinPortal>
      <Popover.Target>
        <button
          type="button"
          className={styles.copies}
          data-state={state}
          data-testid="copies"
          aria-label={t("groups:got", { done, all: copies.length })}
        >
          {deliveryIcons[state]}
          <span className="tnum">{t("groups:gotShort", { done, all: copies.length })}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <ul className={styles.list} data-testid="copies-list">
          {copies.map((copy) => (
            <li key={copy.contact_id}>
              <ChannelMark kind={copy.channel} size={16} colored />
              <span className={styles.name}>{copy.name}</span>
              <span className={styles.state} data-state={copy.delivery.state}>
                {t(`desk:delivery.${copy.delivery.state}`)}
              </span>
              {copy.delivery.error && <span className={styles.error}>{copy.delivery.error}</span>}
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Those it did not reach, why, and a way to try again: the others get nothing twice. */
export function CopiesFailure({
  message,
  conversationId,
  canRetry,
}: {
  message: Message;
  conversationId: Id;
  canRetry: boolean;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const failed = message.copies.filter((copy) => copy.delivery.state === "failed");
  if (failed.length === 0) return null;
  const act = async (what: "retry" | "cancel") => {
    setBusy(true);
    try {
      await post(`/messages/${message.id}/${what}`);
      void refreshConversation(client, conversationId);
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={item.failure} role="alert" data-testid="copies-error">
      {failed.map((copy) => (
        <p key={copy.contact_id}>
          <strong>{copy.name}:</strong> {copy.delivery.error ?? t("desk:delivery.unknown")}
        </p>
      ))}
      {canRetry && (
        <div className={item.failureActions}>
          <button type="button" disabled={busy} onClick={() => void act("retry")} data-testid="retry-button">
            {t("desk:delivery.retry")}
          </button>
          <button type="button" disabled={busy} onClick={() => void act("cancel")}>
            {t("desk:delivery.giveUp")}
          </button>
        </div>
      )}
    </div>
  );
}
