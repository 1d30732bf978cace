// What the pages of distribution read. Keys: ["routing", "status"], ["routing", "offers"], ["routing", "monitor"].
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type { Items } from "@/api/types.ts";
import type { Monitor, Offer, OwnStatus } from "./types.ts";

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
