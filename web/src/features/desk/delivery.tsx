// Where an outgoing message is: queued, sent, or failed with the reason in plain words and a way to try again. What is to
// be known of one that was sent or put off stands below it.
import { Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconChecks, IconClock, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Id, Message } from "@/api/types.ts";
import { longTime } from "@/lib/time.ts";
import { notifyError } from "@/ui/notify.ts";
import { useTime } from "@/ui/time.tsx";
import { applyMessage, refreshConversation } from "./cache.ts";
import styles from "./message-item.module.css";

export const deliveryIcons = {
  queued: <IconClock size={14} stroke={1.6} />,
  sending: <IconClock size={14} stroke={1.6} />,
  sent: <IconCheck size={14} stroke={1.8} />,
  delivered: <IconChecks size={14} stroke={1.8} />,
  read: <IconChecks size={14} stroke={1.8} />,
  failed: <IconAlertTriangle size={14} stroke={1.6} />,
  cancelled: <IconX size={14} stroke={1.6} />,
};

/** Nothing to worry about: the mark alone says it. */
export const arrived: ReadonlySet<string> = new Set(["sent", "delivered", "read"]);

export function DeliveryMark({ message }: { message: Message }) {
  const { t } = useTranslation();
  const time = useTime();
  const { delivery } = message;
  if (!delivery) return null;
  const label = t(`desk:delivery.${delivery.state}`);
  return (
    <Tooltip label={delivery.at ? `${label}, ${longTime(delivery.at, time)}` : label}>
      <span className={styles.delivery} data-state={delivery.state} data-testid="message-delivery">
        {deliveryIcons[delivery.state]}
        <span className={arrived.has(delivery.state) ? "visually-hidden" : undefined}>{label}</span>
      </span>
    </Tooltip>
  );
}

export function DeliveryFailure({
  message,
  conversationId,
  canRetry,
}: {
  message: Message;
  conversationId: Id;
  canRetry: boolean;
}) {
  const { t } = useTranslation();
  if (!message.delivery) return null;
  if (message.delivery.state !== "failed") {
    // Sent, but not confirmed or not to everybody; or put off by the server, with its reason.
    const { state, error } = message.delivery;
    if (!error || state === "cancelled") return null;
    return (
      <p className={styles.remark} data-testid="delivery-remark">
        {error}
      </p>
    );
  }
  return (
    <div className={styles.failure} role="alert" data-testid="delivery-error">
      <p>{message.delivery.error ?? t("desk:delivery.unknown")}</p>
      {canRetry && <FailureActions messageId={message.id} conversationId={conversationId} />}
    </div>
  );
}

/** What is done about an answer that did not arrive: sent again, or given up. */
export function FailureActions({ messageId, conversationId }: { messageId: Id; conversationId: Id }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const act = async (what: "retry" | "cancel") => {
    setBusy(true);
    try {
      applyMessage(client, conversationId, await post<Message>(`/messages/${messageId}/${what}`));
      void refreshConversation(client, conversationId);
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.failureActions}>
      <button type="button" disabled={busy} onClick={() => void act("retry")} data-testid="retry-button">
        {t("desk:delivery.retry")}
      </button>
      <button type="button" disabled={busy} onClick={() => void act("cancel")}>
        {t("desk:delivery.giveUp")}
      </button>
    </div>
  );
}
