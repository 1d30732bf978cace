// One message: whose it is, what it says, and what became of it.

import { LINK, rich } from "../html.ts";
import { clock } from "../texts.ts";
import type { Message } from "../types.ts";
import { Attachments } from "./attachments.tsx";
import { Avatar } from "./avatar.tsx";
import { useSurroundings } from "./context.ts";
import { Icon } from "./icons.tsx";
import { memo } from "./memo.ts";
import { Menu } from "./menu.tsx";

interface Props {
  message: Message;
  /** The same person's previous message is right above. */
  continued: boolean;
  /** The last one of its group tells the time and the state. */
  last: boolean;
  /** Buttons under it can still be pressed: nothing has been said after it. */
  newest: boolean;
  changeable: boolean;
  onEdit: (message: Message) => void;
  onDelete: (message: Message) => void;
}

function MessageView({ message, continued, last, newest, changeable, onEdit, onDelete }: Props) {
  const { chat, t, language, host } = useSurroundings();
  const { from, author, attachments, reply_to, deleted, keyboard } = message;

  if (from === "system") {
    return (
      <li class="system" dir="auto">
        {rich(message.html || message.text, message.text, host)}
      </li>
    );
  }
  const own = from === "visitor";
  const body = own ? message.text : message.html || message.text;
  return (
    <li class={`message ${own ? "own" : "theirs"} ${continued ? "continued" : ""}`}>
      {!continued && message.group && <p class="group cut">{t("group", { name: message.group })}</p>}
      {!own && !continued && author && (
        <p class="author">
          <Avatar name={author.name} color={author.avatar_color} />
          <span class="cut">{author.name}</span>
        </p>
      )}
      {own && !continued && <span class="hidden">{t("you")}</span>}
      <div class="line">
        {changeable && (
          <Menu
            label={t("message_actions")}
            icon={<Icon name="menu" size={18} />}
            class="message-menu"
            items={[
              ...(message.text ? [{ label: t("edit"), run: () => onEdit(message) }] : []),
              { label: t("delete"), run: () => onDelete(message) },
            ]}
          />
        )}
        {deleted ? (
          <div class="bubble gone">{t("deleted")}</div>
        ) : (
          <div class="stack">
            {(body || reply_to) && (
              <div class="bubble" dir="auto">
                {reply_to && (
                  <blockquote class="quoted clamp">
                    {reply_to.author && <b>{reply_to.author} </b>}
                    {reply_to.text}
                  </blockquote>
                )}
                <div class={own ? "plain" : "rich"}>
                  {rich(own ? escaped(body) : body, message.text, host)}
                </div>
              </div>
            )}
            <Attachments files={attachments} />
          </div>
        )}
      </div>
      {newest && keyboard && keyboard.length > 0 && (
        <div class="keyboard">
          {keyboard.map((row, index) => (
            <div class="keyboard-row" key={index}>
              {row.map((button) =>
                button.url ? (
                  <a
                    key={button.title}
                    href={LINK.test(button.url) ? button.url : undefined}
                    target="_blank"
                    rel="noopener noreferrer nofollow"
                  >
                    {button.title}
                  </a>
                ) : (
                  <button
                    type="button"
                    key={button.title}
                    onClick={() => chat.send(button.title, { pressed: button.payload })}
                  >
                    {button.title}
                  </button>
                ),
              )}
            </div>
          ))}
        </div>
      )}
      {last && (
        <p class="meta">
          <time dateTime={message.created_at}>{clock(message.created_at, language)}</time>
          {message.by_mail && <span> · {t("by_mail")}</span>}
          {message.edited_at && !deleted && <span> · {t("edited")}</span>}
          {own && !deleted && <State state={message.state ?? "sent"} />}
        </p>
      )}
    </li>
  );
}

function State({ state }: { state: "sent" | "delivered" | "read" }) {
  const { t } = useSurroundings();
  return (
    <span class={`state state-${state}`} title={t(`state_${state}`)}>
      <Icon name={state === "sent" ? "sent" : "delivered"} size={15} />
      <span class={state === "read" ? "" : "hidden"}>{t(`state_${state}`)}</span>
    </span>
  );
}

/** A visitor's words are plain text: nothing in them is markup. */
function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

export const MessageItem = memo(MessageView);
