// One message: whose words (client's on neutral, ours on pale iris, notes on warm yellow), with its files and its delivery.
import { IconLock, IconRobot } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation, Message } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { Clock } from "@/ui/time.tsx";
import { Attachments } from "./attachments.tsx";
import { DeliveryFailure, DeliveryMark } from "./delivery.tsx";
import { MessageBody } from "./message-body.tsx";
import styles from "./message-item.module.css";
import { MessageMenu } from "./message-menu.tsx";

interface Props {
  message: Message;
  conversation: Conversation;
  grouped: boolean;
}

export function MessageItem({ message, conversation, grouped }: Props) {
  const { t } = useTranslation();
  const [unfolded, setUnfolded] = useState(false);
  const { author, kind } = message;

  if (message.automatic && !unfolded) {
    return (
      <article
        className={styles.folded}
        data-testid="message"
        data-kind={kind}
        data-automatic={message.automatic}
      >
        <IconRobot size={16} stroke={1.5} />
        <span className={styles.foldedText}>
          <strong>{t(`desk:automatic.${message.automatic}`)}</strong>{" "}
          {message.text.slice(0, 140) || message.subject}
        </span>
        <button
          type="button"
          className={styles.unfold}
          onClick={() => setUnfolded(true)}
          aria-expanded="false"
        >
          {t("desk:message.show")}
        </button>
        <Clock at={message.created_at} className={styles.time} />
      </article>
    );
  }

  const copies = [...message.to.slice(kind === "inbound" ? message.to.length : 1), ...message.cc];
  const files = message.attachments.filter((attachment) => !attachment.inline);
  return (
    <article
      className={styles.message}
      data-kind={kind}
      data-grouped={grouped || undefined}
      data-testid="message"
      data-message-id={message.id}
      aria-label={t(`desk:message.by.${kind}`, { name: author.name })}
    >
      <span className={styles.avatar}>
        {!grouped && <Avatar name={author.name} color={author.avatar_color} size={28} />}
      </span>
      <div className={styles.column}>
        <div className={styles.bubble}>
          <header className={styles.head}>
            {kind === "note" && <IconLock size={14} stroke={1.6} className={styles.lock} />}
            {!grouped && <span className={styles.author}>{author.name}</span>}
            {!grouped && kind === "note" && <span className={styles.kind}>{t("desk:message.note")}</span>}
            {!grouped && kind === "inbound" && author.address && author.address !== author.name && (
              <span className={styles.address}>{author.address}</span>
            )}
            <span className={styles.meta}>
              <Clock at={message.created_at} className={styles.time} />
              <DeliveryMark message={message} />
            </span>
            <MessageMenu message={message} conversation={conversation} />
          </header>
          {!grouped && copies.length > 0 && (
            <p className={styles.copies}>
              {t("desk:message.copy", { names: copies.map((each) => each.name || each.address).join(", ") })}
            </p>
          )}
          <MessageBody message={message} />
          <Attachments items={files} />
        </div>
        <DeliveryFailure
          message={message}
          conversationId={conversation.id}
          canRetry={conversation.can.reply}
        />
        {message.automatic && (
          <button
            type="button"
            className={styles.unfold}
            onClick={() => setUnfolded(false)}
            aria-expanded="true"
          >
            {t("desk:message.fold")}
          </button>
        )}
      </div>
    </article>
  );
}
