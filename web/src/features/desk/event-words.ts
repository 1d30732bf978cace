// What an event between the messages says, in a sentence.
import type { TFunction } from "i18next";
import type { TimelineEvent } from "@/api/types.ts";
import { gender } from "@/lib/gender.ts";

type Values = Record<string, unknown>;
type Language = "ru" | "en";

const asValues = (value: unknown): Values =>
  value && typeof value === "object" && !Array.isArray(value) ? (value as Values) : {};
const text = (value: unknown) => (typeof value === "string" ? value : "");
const nameOf = (value: unknown) => text(asValues(value).name);

export function eventWords(
  event: Pick<TimelineEvent, "actor" | "data" | "kind">,
  t: TFunction,
  language: Language,
  longTime: (at: string) => string,
): string {
  const actor = event.actor?.name ?? "";
  const data = asValues(event.data);
  const to = nameOf(data.to);
  const say = (kind: string, more: Values = {}) =>
    t(`desk:event.${kind}`, {
      actor: actor || t("desk:event.system"),
      context: actor ? gender(actor) : undefined,
      ...more,
    });

  switch (event.kind) {
    case "conversation_routed":
      return text(asValues(data.why)[language]);
    case "conversation_assigned": {
      const why = text(asValues(data.why)[language]);
      if (!to) return say("unassigned");
      if (actor === to) return say("conversation_taken");
      if (actor) return say("conversation_assigned", { to });
      return why ? say("given_why", { to, why }) : say("given", { to });
    }
    case "conversation_transferred": {
      const hop = () => {
        if (to) return say("transferred_person", { to });
        if (data.group) return say("transferred_group", { to: nameOf(data.group) });
        if (data.to_line) return say("transferred_line", { to: nameOf(data.to_line) });
        return say("transferred_queue");
      };
      const comment = text(data.comment);
      return comment ? say("comment", { words: hop(), comment }) : hop();
    }
    case "conversation_taken_over": {
      const from = nameOf(data.from);
      const words = say("conversation_taken_over");
      return from ? say("taken_over_from", { words, from }) : words;
    }
    case "conversation_reopened":
      return data.reason === "client_replied" ? say("reopenedByClient") : say("conversation_reopened");
    case "conversation_snoozed":
      return say("conversation_snoozed", {
        until: typeof data.until === "string" ? longTime(data.until) : "",
      });
    case "conversation_renamed":
      return say("conversation_renamed", { to: text(data.to) });
    case "priority_changed":
      return say("priority_changed", { to: t(`desk:priority.${text(data.to) || "none"}`).toLowerCase() });
    case "channel_switched":
      return say("channel_switched", { to: t(`channels:kind.${text(data.to)}`) });
    case "group_members_changed": {
      const names = (list: unknown) =>
        Array.isArray(list) ? list.map(nameOf).filter(Boolean).join(", ") : "";
      const added = names(data.added);
      return added
        ? say("members_added", { names: added })
        : say("members_removed", { names: names(data.removed) });
    }
    case "contact_joined":
      return say("contact_joined", { from: text(data.from), to: text(data.to) });
    case "contact_suggested":
      return say("contact_suggested", { name: text(data.name) });
    case "conversation_rated":
      return say("conversation_rated", { stars: Number(data.stars) });
    case "sla_missed":
    case "sla_reminded":
    case "sla_escalated":
      return t(`sla:event.${event.kind}`, {
        norm: t(`sla:normOf.${text(data.norm)}`),
        policy: text(data.policy),
        at: typeof data.due_at === "string" ? longTime(data.due_at) : "",
      });
    case "task_created":
    case "task_done":
    case "task_cancelled":
    case "task_reopened":
      return t(`tasks:event.${event.kind}`, {
        title: text(data.title),
        actor,
        context: actor ? gender(actor) : undefined,
      });
    case "ticket_created":
    case "ticket_linked":
    case "ticket_unlinked":
    case "message_detached":
    case "detached_from":
      return say(event.kind, { number: String(data.number ?? "") });
    default: {
      const known = t(`desk:event.${event.kind}`, { defaultValue: "" });
      return known ? say(event.kind) : say("other");
    }
  }
}
