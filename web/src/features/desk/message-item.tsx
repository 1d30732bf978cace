// One message: whose words (client's on neutral, ours on pale iris, notes on warm yellow), with its files and its delivery.
import { IconLock, IconRobot } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation, Message } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { Clock } from "@/ui/time.tsx";
import { CopiesFailure, CopiesMark } from "./copies-mark.tsx";
import { DeliveryFailure, DeliveryMark } from "./delivery.tsx";
import { Cards, KeyboardShown, Media, Origin, QuotedWords } from "./media.tsx";
import { MessageBody } from "./message-body.tsx";
import styles from "./message-item.module.css";
import { MessageMenu } from "./message-menu.tsx";
import { isChat } from "./routes.ts";
import { useTalk } from "./talk.tsx";

const MessageEdit = lazy(() => import("./message-edit.tsx"));

interface Props {
  message: Message;
  conversation: Conversation;
  grouped: boolean;
  /** The conversation goes over several channels, so each message says by which one it came. */
  mixed: boolean;
  onJump: (id: string) => void;
}

export function MessageItem({ message, conversation, grouped, mixed, onJump }: Props) {
  const { t } = useTranslation();
  const { editing, edit } = useTalk();
  const [unfolded, setUnfolded] = useState(false);
  const { author, kind } = message;
  const group = conversation.channel === "group";

  if (message.automatic && !unfolded) {
    return (
      <article
        className={styles.folded}
        data-testid="message"
        data-kind={kind}
        data-message-id={message.id}
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

  const chat = isChat(message.channel) || (isChat(conversation.channel) && (kind === "note" || group));
  const copies = [...message.to.slice(kind === "inbound" ? message.to.length : 1), ...message.cc];
  const files = message.attachments.filter((attachment) => !attachment.inline);
  const deleted = message.deleted_at !== null;
  // A voice, a sticker or a place says it all.
  const wordless = chat && message.text.trim() === "" && (files.length > 0 || message.extra !== null);
  const head = !chat || !grouped;
  const quote = message.reply_to;
  const meta = (
    <span className={styles.meta}>
      {mixed && kind !== "note" && message.channel !== "group" && (
        <span className={styles.via} title={t(`channels:kind.${message.channel}`)}>
          <ChannelMark kind={message.channel} size={13} />
          <span className="visually-hidden">{t(`channels:kind.${message.channel}`)}</span>
        </span>
      )}
      {message.edited_at && !deleted && <span className={styles.edited}>{t("desk:message.edited")}</span>}
      <Clock at={message.created_at} className={styles.time} />
      {!deleted &&
        (message.copies.length > 0 ? <CopiesMark message={message} /> : <DeliveryMark message={message} />)}
    </span>
  );
  const menu = <MessageMenu message={message} conversation={conversation} />;
  return (
    <article
      className={styles.message}
      data-kind={kind}
      data-chat={chat || undefined}
      data-deleted={deleted || undefined}
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
          {head && (
            <header className={styles.head}>
              {kind === "note" && <IconLock size={14} stroke={1.6} className={styles.lock} />}
              {!grouped && <span className={styles.author}>{author.name}</span>}
              {!grouped && kind === "note" && <span className={styles.kind}>{t("desk:message.note")}</span>}
              {!chat &&
                !grouped &&
                kind === "inbound" &&
                author.address &&
                author.address !== author.name && <span className={styles.address}>{author.address}</span>}
              {!chat && meta}
              {!chat && menu}
            </header>
          )}
          {chat && menu}
          {!grouped && copies.length > 0 && (
            <p className={styles.copies}>
              {t("desk:message.copy", { names: copies.map((each) => each.name || each.address).join(", ") })}
            </p>
          )}
          {deleted && <p className={styles.deleted}>{t("desk:message.deleted")}</p>}
          <Origin message={message} />
          {quote && <QuotedWords quote={quote} onJump={() => onJump(quote.id)} />}
          {editing === message.id ? (
            <Suspense>
              <MessageEdit message={message} conversation={conversation} onClose={() => edit(null)} />
            </Suspense>
          ) : (
            !wordless && <MessageBody message={message} />
          )}
          <Media items={files} />
          <Cards message={message} />
          {chat && <footer className={styles.foot}>{meta}</footer>}
        </div>
        <KeyboardShown rows={message.extra?.keyboard ?? []} />
        {message.copies.length > 0 ? (
          <CopiesFailure
            message={message}
            conversationId={conversation.id}
            canRetry={conversation.can.reply}
          />
        ) : (
          <DeliveryFailure
            message={message}
            conversationId={conversation.id}
            canRetry={conversation.can.reply}
          />
        )}
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
