// What happened between the messages, as one quiet line; a long stretch folds.
import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TimelineEvent } from "@/api/types.ts";
import { longTime } from "@/lib/time.ts";
import { Clock, useTime } from "@/ui/time.tsx";
import { eventWords } from "./event-words.ts";
import { contactQuery } from "./queries.ts";
import { useTalk } from "./talk.tsx";
import styles from "./timeline-view.module.css";

const JoinDialog = lazy(() => import("./join-dialog.tsx"));
const shownEvents = 3;

export function EventLines({ events }: { events: readonly TimelineEvent[] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(events.length <= shownEvents + 1);
  const shown = all ? events : events.slice(-shownEvents);
  return (
    <div className={styles.events}>
      {!all && (
        <UnstyledButton className={styles.more} onClick={() => setAll(true)}>
          {t("desk:event.more", { count: events.length - shownEvents })}
        </UnstyledButton>
      )}
      {shown.map((event) => (
        <EventLine key={event.id} event={event} />
      ))}
    </div>
  );
}

/** Whom the visitor may be: his card and the known one become one after a question. */
function JoinSuggested({ data }: { data: Record<string, unknown> }) {
  const { t } = useTranslation();
  const { contact } = useTalk();
  const [open, setOpen] = useState(false);
  const { data: card } = useQuery({ ...contactQuery(contact.id), enabled: open });
  const other = { id: String(data.contact_id), name: String(data.name) };
  // Joined since then.
  if (other.id === contact.id) return null;
  return (
    <>
      <UnstyledButton className={styles.act} onClick={() => setOpen(true)} data-testid="join-suggested">
        {t("desk:join.suggested")}
      </UnstyledButton>
      <Suspense>
        {open && card && <JoinDialog contact={card} other={other} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  );
}

function EventLine({ event }: { event: TimelineEvent }) {
  const { t, i18n } = useTranslation();
  const time = useTime();
  const data = event.data as Record<string, unknown>;

  const other = typeof data.conversation_id === "string" ? data.conversation_id : null;
  return (
    <p className={styles.event} data-testid="event" data-kind={event.kind}>
      {eventWords(event, t, i18n.resolvedLanguage === "en" ? "en" : "ru", (at) => longTime(at, time))}{" "}
      {other && (
        <Link to="/c/$view/$conversationId" params={{ view: "all", conversationId: other }}>
          {t("desk:event.open")}
        </Link>
      )}
      {event.kind === "contact_suggested" && <JoinSuggested data={data} />}
      <Clock at={event.at} className={styles.eventTime} />
    </p>
  );
}
