// What happened between the messages, as one quiet line; a long stretch folds.
import { UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TimelineEvent } from "@/api/types.ts";
import { gender } from "@/lib/gender.ts";
import { longTime } from "@/lib/time.ts";
import { Clock, useTime } from "@/ui/time.tsx";
import styles from "./timeline-view.module.css";

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

type Values = Record<string, unknown>;
const nameOf = (value: unknown) =>
  value && typeof value === "object" && "name" in value ? String(value.name) : null;

function EventLine({ event }: { event: TimelineEvent }) {
  const { t, i18n } = useTranslation();
  const time = useTime();
  const actor = event.actor?.name ?? null;
  const data = event.data as Values;

  const words = (): string => {
    const context = actor ? gender(actor) : undefined;
    const values: Values = { actor: actor ?? t("desk:event.system"), context };
    const say = (kind: string, more: Values = {}) => t(`desk:event.${kind}`, { ...values, ...more });
    switch (event.kind) {
      case "conversation_assigned": {
        const to = nameOf(data.to);
        if (!to) return say("unassigned");
        return event.actor?.name === to ? say("conversation_taken") : say("conversation_assigned", { to });
      }
      case "conversation_reopened":
        return data.reason === "client_replied"
          ? t("desk:event.reopenedByClient")
          : say("conversation_reopened");
      case "conversation_snoozed":
        return say("conversation_snoozed", {
          until: typeof data.until === "string" ? longTime(data.until, time) : "",
        });
      case "conversation_renamed":
        return say("conversation_renamed", { to: String(data.to ?? "") });
      case "priority_changed":
        return say("priority_changed", { to: t(`desk:priority.${String(data.to ?? "none")}`).toLowerCase() });
      case "participants_changed":
        return say("participants_changed");
      case "ticket_created":
      case "ticket_linked":
      case "ticket_unlinked":
      case "message_detached":
      case "detached_from":
        return say(event.kind, { number: String(data.number ?? "") });
      case "conversation_created":
        return actor ? say("conversation_created") : t("desk:event.createdByMail");
      case "conversation_woken":
        return t("desk:event.conversation_woken");
      default:
        return i18n.exists(`desk:event.${event.kind}`) ? say(event.kind) : say("other");
    }
  };

  const other = typeof data.conversation_id === "string" ? data.conversation_id : null;
  return (
    <p className={styles.event} data-testid="event" data-kind={event.kind}>
      {words()}{" "}
      {other && (
        <Link to="/c/$view/$conversationId" params={{ view: "all", conversationId: other }}>
          {t("desk:event.open")}
        </Link>
      )}
      <Clock at={event.at} className={styles.eventTime} />
    </p>
  );
}
