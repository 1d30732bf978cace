// The types and statuses of tickets, in the order they are offered.
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
