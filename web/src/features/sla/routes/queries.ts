// What the pages of routes and OLAs read.
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type { Id, Items, Ola, ProcessingRoute, ServiceCatalogue } from "@/api/types.ts";

export const routesQuery = queryOptions({
  queryKey: ["routes"] as const,
  queryFn: ({ signal }) => get<Items<ProcessingRoute>>("/routes", undefined, signal),
});
export const routeQuery = (id: Id) =>
  queryOptions({
    queryKey: ["routes", id] as const,
    queryFn: ({ signal }) => get<ProcessingRoute>(`/routes/${id}`, undefined, signal),
  });
export const olasQuery = queryOptions({
  queryKey: ["olas"] as const,
  queryFn: ({ signal }) => get<Items<Ola>>("/olas", undefined, signal),
});
export const olaQuery = (id: Id) =>
  queryOptions({
    queryKey: ["olas", id] as const,
    queryFn: ({ signal }) => get<Ola>(`/olas/${id}`, undefined, signal),
  });
export const servicesQuery = queryOptions({
  queryKey: ["services"] as const,
  queryFn: ({ signal }) => get<Items<ServiceCatalogue>>("/services", undefined, signal),
  staleTime: 5 * 60_000,
});
