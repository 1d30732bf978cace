// The types and statuses of tickets, in the order they are offered, and which statuses need words.
import type { TicketStatus, TicketType } from "@/api/types.ts";

export const ticketTypes: TicketType[] = ["question", "incident", "claim", "suggestion"];
export const ticketStatuses: TicketStatus[] = [
  "new",
  "accepted",
  "in_progress",
  "waiting",
  "resolved",
  "closed",
];

/** A status that a ticket takes with words only. */
export type StatusStep = "waiting" | "resolved";

/** Why a ticket waits, or how it was resolved. */
export type StepWords = { waiting: { reason: string; until: string | null } } | { solution: string };

export const stepOf = (status: TicketStatus): StatusStep | null =>
  status === "waiting" || status === "resolved" ? status : null;
