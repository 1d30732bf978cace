// What the pages of distribution read. Keys: ["routing", "status"], ["routing", "offers"], ["routing", "monitor"], ["routing", "why", id], ...
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type { Id, Items } from "@/api/types.ts";
import type { Decision, Monitor, Offer, OwnStatus, TransferTargets } from "./types.ts";

export const ownStatusQuery = queryOptions({
  queryKey: ["routing", "status"] as const,
  queryFn: ({ signal }) => get<OwnStatus>("/me/status", undefined, signal),
});

export const offersQuery = queryOptions({
  queryKey: ["routing", "offers"] as const,
  queryFn: async ({ signal }) => (await get<Items<Offer>>("/me/offers", undefined, signal)).items,
});

export const monitorQuery = queryOptions({
  queryKey: ["routing", "monitor"] as const,
  queryFn: ({ signal }) => get<Monitor>("/monitor", undefined, signal),
});

export const whyQuery = (id: Id) =>
  queryOptions({
    queryKey: ["routing", "why", id] as const,
    queryFn: async ({ signal }) =>
      (await get<Items<Decision>>(`/conversations/${id}/routing`, undefined, signal)).items,
  });

export const transferTargetsQuery = (id: Id) =>
  queryOptions({
    queryKey: ["routing", "transfer", id] as const,
    queryFn: ({ signal }) => get<TransferTargets>(`/conversations/${id}/transfer-targets`, undefined, signal),
    // Statuses change by the minute: what was true for the last dialog says nothing about this one.
    staleTime: 0,
    gcTime: 0,
  });
