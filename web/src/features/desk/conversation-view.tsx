// The open conversation: header, timeline, composer, and the keys that act on it.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/http.ts";
import { useCan, useMe } from "@/api/me.ts";
import type { Conversation, Id } from "@/api/types.ts";
import { setTitle } from "@/lib/title.ts";
import { type PaletteAction, useOfferActions } from "@/ui/actions.ts";
import { ErrorState } from "@/ui/states.tsx";
import { useKeys } from "@/ui/use-keys.ts";
import { setSilent } from "@/ui/use-silent.ts";
import { useCommands } from "./commands.ts";
import { Composer, type ComposerHandle } from "./composer.tsx";
import { ConversationHeader, type HeaderMenu } from "./conversation-header.tsx";
import styles from "./conversation-view.module.css";
import { useOutbox } from "./outbox-provider.tsx";
import { conversationQuery } from "./queries.ts";
import { TalkProvider, useTalk } from "./talk.tsx";
import { TimelineSkeleton, TimelineView } from "./timeline-view.tsx";
import { UndoBar } from "./undo-bar.tsx";

interface Props {
  id: Id;
  phone?: boolean;
  panelOpen: boolean;
  onPanel: () => void;
  onBack?: () => void;
}

/** It has left for a line that is not ours to see: what was loaded of it no longer holds. */
function isGone(error: Error): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 403);
}

export function ConversationView(props: Props) {
  const { data, error, refetch } = useQuery(conversationQuery(props.id));
  if (error && (!data || isGone(error))) {
    return (
      <main className={styles.view} data-phone-full={props.phone || undefined}>
        <ErrorState error={error} retry={() => void refetch()} />
      </main>
    );
  }
  if (!data) {
    return (
      <main className={styles.view} aria-busy="true" data-phone-full={props.phone || undefined}>
        <div className={styles.headerSpace} />
        <TimelineSkeleton />
      </main>
    );
  }
  return (
    <TalkProvider conversation={data}>
      <Loaded {...props} conversation={data} />
    </TalkProvider>
  );
}

function Loaded({ conversation, phone, panelOpen, onPanel, onBack }: Props & { conversation: Conversation }) {
  const { t } = useTranslation();
  const me = useMe();
  const commands = useCommands();
  const composer = useRef<ComposerHandle>(null);
  const { version } = useOutbox();
  const { quoting, toggleEvents, events, silent } = useTalk();
  const [menu, setMenu] = useState<HeaderMenu>(null);
  const { id, can, status } = conversation;

  useEffect(() => setTitle(conversation.subject || t("common:noSubject")), [conversation.subject, t]);

  // Looked at means read: when it is opened, and when something new comes while it is on the screen. Not by whoever
  // watches silently: colleagues would see that somebody has looked.
  const { unread } = conversation;
  const markRead = commands.markRead;
  const latestMark = useRef(markRead);
  latestMark.current = markRead;
  useEffect(() => {
    if (!unread || silent) return;
    const look = () => {
      if (document.visibilityState === "visible") void latestMark.current(id);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [unread, id, silent]);

  // A quoted message is there to be answered.
  useEffect(() => {
    if (quoting) composer.current?.focus("outbound");
  }, [quoting]);

  const closed = status === "closed";
  const toggleClosed = () => void (closed ? commands.reopen(id) : commands.close(id));
  const take = () => void commands.take(id);
  const may = useCan();
  const picks = may("conversations.reply") && (can.reply || can.note);
  const canTake = can.assign && conversation.assignee?.id !== me.id;
  const keys = {
    r: can.reply ? () => composer.current?.focus("outbound") : undefined,
    n: can.note ? () => composer.current?.focus("note") : undefined,
    a: can.assign ? () => setMenu("owner") : undefined,
    s: can.close ? () => setMenu("status") : undefined,
    z: can.close ? () => setMenu("snooze") : undefined,
    e: can.close ? toggleClosed : undefined,
    t: canTake ? take : undefined,
    y: toggleEvents,
    "mod+/": picks ? () => composer.current?.pickReply() : undefined,
  };
  useKeys(keys);

  const names: Record<keyof typeof keys, string> = {
    r: t("common:keys.r"),
    n: t("common:keys.n"),
    a: t("common:keys.a"),
    s: t("common:keys.s"),
    z: t("common:keys.z"),
    e: closed ? t("desk:header.reopen") : t("common:keys.e"),
    t: t("common:keys.t"),
    y: t(events ? "desk:events.hide" : "desk:events.show"),
    "mod+/": t("common:keys.reply"),
  };
  const actions = (Object.keys(keys) as (keyof typeof keys)[]).flatMap((key): PaletteAction[] => {
    const run = keys[key];
    return run ? [{ id: key, keys: key, label: names[key], run }] : [];
  });
  if (silent !== null) {
    const label = t(silent ? "staff:silent.on" : "staff:silent.off");
    actions.push({ id: "silent", label, run: () => setSilent(!silent) });
  }
  useOfferActions(actions);

  return (
    <main
      className={styles.view}
      data-testid="conversation"
      data-number={conversation.number}
      data-phone-full={phone || undefined}
    >
      <ConversationHeader
        conversation={conversation}
        commands={commands}
        menu={menu}
        onMenu={setMenu}
        panelOpen={panelOpen}
        onPanel={onPanel}
        onBack={onBack}
      />
      <TimelineView conversation={conversation} />
      <UndoBar shownIn={id} />
      <Composer key={version} ref={composer} conversation={conversation} />
    </main>
  );
}
