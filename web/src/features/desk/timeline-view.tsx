// The timeline: days, messages, events, what is still on its way. Stays at the newest message unless somebody has scrolled up.
import { Button, Skeleton } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types.ts";
import { dayTitle } from "@/lib/time.ts";
import { notifyError } from "@/ui/notify.ts";
import { Delayed } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import { EventLines } from "./event-line.tsx";
import itemStyles from "./message-item.module.css";
import { MessageItem } from "./message-item.tsx";
import { useWaiting } from "./outbox-provider.tsx";
import { conversationQuery, loadOlder } from "./queries.ts";
import { isChat } from "./routes.ts";
import { useTalk } from "./talk.tsx";
import { blocks } from "./timeline.ts";
import styles from "./timeline-view.module.css";
import { ClientTyping } from "./viewers.tsx";
import { WaitingMessage } from "./waiting-message.tsx";

const nearEnd = 80;

export function TimelineView({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const time = useTime();
  const client = useQueryClient();
  const waiting = useWaiting(conversation.id);
  const scroll = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const heightBefore = useRef<number | null>(null);
  const [loading, setLoading] = useState(false);
  const [below, setBelow] = useState(false);
  const { events, presence } = useTalk();
  const { items, next } = conversation.messages;
  const shown = useMemo(
    () => blocks(events ? items : items.filter((item) => item.type === "message"), time.timeZone),
    [items, events, time.timeZone],
  );
  const mixed = useMemo(() => {
    const channels = new Set<string>();
    for (const item of items) if (item.type === "message" && item.kind !== "note") channels.add(item.channel);
    return channels.size > 1;
  }, [items]);

  // Frames and pictures grow after they are drawn: stay at the end as long as the reader is there.
  useEffect(() => {
    const box = scroll.current;
    const inside = content.current;
    if (!box || !inside) return;
    const observer = new ResizeObserver(() => {
      if (stuck.current) box.scrollTop = box.scrollHeight;
    });
    observer.observe(inside);
    observer.observe(box);
    return () => observer.disconnect();
  }, []);

  // Older messages came in above: keep what is being read where it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the items change
  useLayoutEffect(() => {
    const box = scroll.current;
    if (!box || heightBefore.current === null) return;
    box.scrollTop += box.scrollHeight - heightBefore.current;
    heightBefore.current = null;
  }, [items]);

  const showOlder = async () => {
    setLoading(true);
    stuck.current = false;
    heightBefore.current = scroll.current?.scrollHeight ?? null;
    try {
      await loadOlder(client, conversation.id);
    } catch (error) {
      heightBefore.current = null;
      notifyError(error);
    } finally {
      setLoading(false);
    }
  };

  const jump = async (id: string) => {
    const find = () => content.current?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(id)}"]`);
    // What is quoted may be older than what is loaded; a few pages back is as far as one looks.
    for (let page = 0; !find() && page < 5; page += 1) {
      if (!client.getQueryData(conversationQuery(conversation.id).queryKey)?.messages.next) break;
      await showOlder();
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    const found = find();
    if (!found) return;
    stuck.current = false;
    found.scrollIntoView({ block: "center", behavior: "smooth" });
    const flash = itemStyles.flash ?? "";
    found.classList.remove(flash);
    requestAnimationFrame(() => found.classList.add(flash));
    setTimeout(() => found.classList.remove(flash), 1_600);
  };

  // Opened by a link to a message: there once, and the address forgets it.
  const navigate = useNavigate();
  const { message: wanted } = useSearch({ strict: false });
  const latestJump = useRef(jump);
  latestJump.current = jump;
  const fetching = useIsFetching({ queryKey: conversationQuery(conversation.id).queryKey, exact: true }) > 0;
  const isThere = items.some((item) => item.id === wanted);
  useEffect(() => {
    // What is remembered of a conversation may be older than the message.
    if (!wanted || (fetching && !isThere)) return;
    void latestJump.current(wanted);
    void navigate({ to: ".", search: (old) => ({ ...old, message: undefined }), replace: true });
  }, [wanted, fetching, isThere, navigate]);

  return (
    <div className={styles.frame}>
      <div
        ref={scroll}
        className={styles.scroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to be able to scroll it
        tabIndex={0}
        role="log"
        aria-label={t("desk:timeline.title")}
        data-testid="timeline"
        onScroll={(event) => {
          const box = event.currentTarget;
          stuck.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;
          setBelow(!stuck.current);
        }}
      >
        <div ref={content} className={styles.content}>
          {next && (
            <div className={styles.older}>
              <Button variant="default" size="xs" loading={loading} onClick={() => void showOlder()}>
                {t("desk:timeline.older")}
              </Button>
            </div>
          )}
          {shown.map((block) => {
            if (block.type === "day") {
              return (
                <h2 key={block.key} className={styles.day}>
                  <span>{dayTitle(block.at, time)}</span>
                </h2>
              );
            }
            if (block.type === "events") return <EventLines key={block.key} events={block.events} />;
            return (
              <MessageItem
                key={block.key}
                message={block.message}
                conversation={conversation}
                grouped={block.grouped}
                mixed={mixed}
                onJump={(id) => void jump(id)}
              />
            );
          })}
          {waiting.map((entry) => (
            <WaitingMessage key={entry.key} entry={entry} chat={isChat(conversation.channel)} />
          ))}
          {presence.clientTyping && <ClientTyping name={conversation.contact.name} />}
        </div>
      </div>
      {below && (
        <button
          type="button"
          className={styles.down}
          aria-label={t("desk:timeline.toEnd")}
          onClick={() => scroll.current?.scrollTo({ top: scroll.current.scrollHeight, behavior: "smooth" })}
        >
          <IconArrowDown size={18} stroke={1.5} />
        </button>
      )}
    </div>
  );
}

export function TimelineSkeleton() {
  return (
    <Delayed>
      <div className={styles.scroll}>
        <div className={styles.content}>
          {[
            [62, 76],
            [48, 56],
            [70, 96],
          ].map(([width, height], index) => (
            <div key={width} className={styles.skeleton} data-ours={index === 1 || undefined}>
              <Skeleton height={height} width={`${width}%`} radius={10} />
            </div>
          ))}
        </div>
      </div>
    </Delayed>
  );
}
