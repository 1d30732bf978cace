// The conversation: its messages, what still waits to be sent, and the place to write.

import { Fragment, type RefObject, type TargetedDragEvent } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isOver } from "../chat.ts";
import { isContinued, isNewDay } from "../merge.ts";
import { day } from "../texts.ts";
import type { Message } from "../types.ts";
import { Composer } from "./composer.tsx";
import { Confirm } from "./confirm.tsx";
import { useChat, useShell, useSurroundings } from "./context.ts";
import { IconButton } from "./icon-button.tsx";
import { Icon } from "./icons.tsx";
import { LeaveEmail } from "./leave-email.tsx";
import { MessageItem } from "./message.tsx";
import { PendingItem } from "./pending.tsx";
import { Rating } from "./rating.tsx";
import { useUploads } from "./uploads.ts";

/** Pixels from the end within which the reader counts as being there. */
const NEAR = 60;

export function Conversation({ input }: { input: RefObject<HTMLTextAreaElement | null> }) {
  const { chat, shell, t, language } = useSurroundings();
  const state = useChat();
  const { open, notice, mailed } = useShell();
  const {
    config,
    messages,
    outbox,
    history,
    older,
    typing,
    connection,
    unreachable,
    conversation,
    rating,
    email,
  } = state;
  const list = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  const heightBefore = useRef(0);
  const [away, setAway] = useState(false);
  const [editing, setEditing] = useState<Message | null>(null);
  const [deleting, setDeleting] = useState<Message | null>(null);
  const [dragging, setDragging] = useState(false);
  const files = useUploads();

  // A reader at the end stays there; one who reads earlier messages stays at them, also when older ones come in above.
  const newest = messages[messages.length - 1];
  const oldest = messages[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: all of these change the height of the list.
  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    if (atEnd.current) box.scrollTop = box.scrollHeight;
    else if (heightBefore.current) box.scrollTop += box.scrollHeight - heightBefore.current;
    heightBefore.current = 0;
  }, [newest?.id, oldest?.id, outbox.length, typing, rating, open, history]);

  // Pictures grow when they arrive, the keyboard of a phone shrinks the window.
  useEffect(() => {
    const box = list.current;
    if (!box) return;
    const stay = () => {
      if (atEnd.current) box.scrollTop = box.scrollHeight;
    };
    const observer = new ResizeObserver(stay);
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    chat.look(open && !away);
    return () => chat.look(false);
  }, [chat, open, away]);

  const onScroll = () => {
    const box = list.current;
    if (!box) return;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    setAway(!atEnd.current);
  };

  const toEnd = () => {
    const box = list.current;
    if (box) box.scrollTop = box.scrollHeight;
  };

  const failed = () => shell.set({ notice: t("failed") });

  const showOlder = () => {
    heightBefore.current = list.current?.scrollHeight ?? 0;
    atEnd.current = false;
    chat.readOlder().catch(failed);
  };

  const onEdit = useCallback((message: Message) => setEditing(message), []);
  const onDelete = useCallback((message: Message) => setDeleting(message), []);
  const stopEditing = () => {
    setEditing(null);
    input.current?.focus();
  };
  const editLast = () => {
    const own = messages.filter((message) => chat.canChange(message) && message.text);
    setEditing(own[own.length - 1] ?? null);
  };

  const onDrop = (event: TargetedDragEvent<HTMLDivElement>) => {
    event.preventDefault();
    setDragging(false);
    files.add([...(event.dataTransfer?.files ?? [])]);
  };

  const offline = connection === "lost" || unreachable;
  const over = isOver(conversation) && outbox.length === 0;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file here is a shortcut of the button.
    <div
      class="body talk"
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDragging(false);
      }}
      onDrop={onDrop}
    >
      <section
        class="scroll"
        ref={list}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has only a keyboard scrolls it with the arrow keys.
        tabIndex={0}
        aria-label={t("conversation")}
      >
        <div class="scroll-inside">
          {older && (
            <button type="button" class="text-button older" onClick={showOlder}>
              {t("older")}
            </button>
          )}
          {!older && config.greeting && (
            <p class="greeting" dir="auto">
              {config.greeting}
            </p>
          )}
          {history === "loading" && <Skeleton />}
          {history === "failed" && (
            <div class="card centred" role="alert">
              <p>{t("load_failed")}</p>
              <button type="button" class="text-button" onClick={() => void chat.readAgain()}>
                {t("try_again")}
              </button>
            </div>
          )}
          <ol class="messages" aria-live="polite" aria-relevant="additions">
            {messages.map((message, index) => {
              const before = messages[index - 1];
              const after = messages[index + 1];
              return (
                <Fragment key={message.client_id ?? message.id}>
                  {isNewDay(before, message) && (
                    <li class="day">{day(message.created_at, language, new Date(), t)}</li>
                  )}
                  <MessageItem
                    message={message}
                    continued={isContinued(before, message)}
                    last={!after || !isContinued(message, after) || after.state !== message.state}
                    newest={!after && outbox.length === 0}
                    changeable={chat.canChange(message)}
                    onEdit={onEdit}
                    onDelete={onDelete}
                  />
                </Fragment>
              );
            })}
            {outbox.map((pending) => (
              <PendingItem pending={pending} waiting={offline} key={pending.client_id} />
            ))}
          </ol>
          {(mailed || !config.online) && email && <p class="system">{t("mail_sent", { email })}</p>}
          {over && <p class="system">{t("finished")}</p>}
          <Rating />
          <LeaveEmail />
          <p class="typing" aria-live="polite">
            {typing && (
              <>
                <span class="typing-dots" aria-hidden="true">
                  <i />
                  <i />
                  <i />
                </span>
                {typing.name ? t("typing", { name: typing.name }) : t("typing_someone")}
              </>
            )}
          </p>
        </div>
      </section>
      {away && (
        <IconButton class="jump" label={t("jump")} onClick={toEnd}>
          <Icon name="down" />
        </IconButton>
      )}
      {offline && (
        <p class="bar bar-offline" role="status">
          {outbox.length > 0 ? t("offline") : t("connecting")}
        </p>
      )}
      {notice && (
        <p class="bar bar-wrong" role="alert">
          {notice}
        </p>
      )}
      {deleting && (
        <Confirm
          question={t("delete_question")}
          action={t("delete")}
          run={() => chat.remove(deleting).catch(failed)}
          close={() => {
            setDeleting(null);
            input.current?.focus();
          }}
        />
      )}
      <Composer input={input} files={files} editing={editing} onEdited={stopEditing} onEditLast={editLast} />
      {dragging && <div class="drop">{t("drop")}</div>}
    </div>
  );
}

function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      <i />
      <i />
      <i />
    </div>
  );
}
