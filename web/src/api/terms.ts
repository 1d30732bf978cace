// What clients are served by, and what is down now: read by every page that makes or shows a ticket.
import { queryOptions } from "@tanstack/react-query";
import { get } from "./http.ts";
import type { ClientCategory, ClientTariff, Id, Items, Outage, Page, TariffPlan } from "./types.ts";

export const clientCategoriesQuery = queryOptions({
  queryKey: ["client-categories"] as const,
  queryFn: ({ signal }) => get<Items<ClientCategory>>("/client-categories", undefined, signal),
});

export const tariffPlansQuery = queryOptions({
  queryKey: ["tariff-plans"] as const,
  queryFn: ({ signal }) => get<Items<TariffPlan>>("/tariff-plans", undefined, signal),
});

/** What is used changes with every ticket: it is read whenever it is shown. */
export const contactTariffQuery = (id: Id) =>
  queryOptions({
    queryKey: ["tariff", "contact", id] as const,
    queryFn: ({ signal }) => get<ClientTariff>(`/contacts/${id}/tariff`, undefined, signal),
    staleTime: 0,
  });

/** More at once nobody reads. */
export const openOutagesQuery = queryOptions({
  queryKey: ["outages", "open"] as const,
  queryFn: ({ signal }) => get<Page<Outage>>("/outages", { open: true, limit: 200 }, signal),
  staleTime: 60_000,
});
