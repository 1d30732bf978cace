// Whoever answers clients, as every page that chooses one reads them.
import { queryOptions } from "@tanstack/react-query";
import { get } from "./http.ts";
import type { Items, Operator } from "./types.ts";

export const operatorsQuery = queryOptions({
  queryKey: ["operators"] as const,
  queryFn: ({ signal }) => get<Items<Operator>>("/operators", undefined, signal),
  staleTime: 5 * 60_000,
  select: (answer) => answer.items,
});
