// The way of a ticket by its route. Keys stand under the ticket's own, so that whatever renews it renews this too.
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type { Id, Items, ProcessingRoute, TicketRoutes } from "@/api/types.ts";

export const ticketRouteQuery = (id: Id) =>
  queryOptions({
    queryKey: ["ticket", id, "route"] as const,
    queryFn: ({ signal }) => get<TicketRoutes>(`/tickets/${id}/route`, undefined, signal),
    // What has counted by now is known to the server only: it has the schedule.
    refetchInterval: ({ state }) => (state.data?.items[0]?.state === "running" ? 60_000 : false),
  });

export const routesQuery = queryOptions({
  queryKey: ["routes"] as const,
  queryFn: ({ signal }) => get<Items<ProcessingRoute>>("/routes", undefined, signal),
  staleTime: 60_000,
});
