// How far a message of a group conversation has got to each client who takes part, and what failed.
import { Popover } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Id, Message } from "@/api/types.ts";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { stateOf } from "./copies.ts";
import { arrived, deliveryIcons, FailureActions } from "./delivery.tsx";
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
  const failed = message.copies.filter((copy) => copy.delivery.state === "failed");
  if (failed.length === 0) return null;
  return (
    <div className={item.failure} role="alert" data-testid="copies-error">
      {failed.map((copy) => (
        <p key={copy.contact_id}>
          <strong>{copy.name}:</strong> {copy.delivery.error ?? t("desk:delivery.unknown")}
        </p>
      ))}
      {canRetry && <FailureActions messageId={message.id} conversationId={conversationId} />}
    </div>
  );
}
