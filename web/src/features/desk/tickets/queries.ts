// What the pages of tickets read. Keys: ["tickets", ...] lists, ["ticket", id, ...] one.
import { queryOptions } from "@tanstack/react-query";
import { ApiError, get } from "@/api/http.ts";
import type { Id, Items, Page, ServiceCatalogue, Ticket, TicketHistory } from "@/api/types.ts";

export const ticketsKey = ["tickets"] as const;

export const ticketQuery = (id: Id) =>
  queryOptions({
    queryKey: ["ticket", id] as const,
    queryFn: ({ signal }) => get<Ticket>(`/tickets/${id}`, undefined, signal),
  });

/** Whose number it is: people know tickets by their numbers, the server by their ids. */
export const ticketNumberQuery = (number: string) =>
  queryOptions({
    queryKey: ["ticket-number", number] as const,
    queryFn: async ({ signal, client }): Promise<Id> => {
      const known = /^\d+$/.test(number)
        ? await get<Page<Ticket>>("/tickets", { number, limit: 1 }, signal)
        : { items: [] };
      const ticket = known.items[0];
      if (!ticket)
        throw new ApiError({ type: "about:blank", title: "", detail: "", status: 404, code: "not_found" });
      client.setQueryData(ticketQuery(ticket.id).queryKey, ticket);
      return ticket.id;
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const ticketHistoryQuery = (id: Id) =>
  queryOptions({
    queryKey: ["ticket", id, "history"] as const,
    queryFn: ({ signal }) => get<TicketHistory>(`/tickets/${id}/history`, undefined, signal),
  });

export const servicesQuery = queryOptions({
  queryKey: ["services"] as const,
  queryFn: ({ signal }) => get<Items<ServiceCatalogue>>("/services", undefined, signal),
  staleTime: 5 * 60_000,
});
