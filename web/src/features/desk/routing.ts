// Where a conversation went and why, and where it can go. Keys: ["routing", "why", id], ["routing", "transfer", id].
import { queryOptions, useQuery } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { components } from "@/api/schema.ts";
import type { Id, Items, Person } from "@/api/types.ts";
import type { Status } from "@/ui/status-dot.tsx";

type Schemas = components["schemas"];
export type Decision = Schemas["RoutingDecision"];
export type Verdict = Schemas["RoutingVerdict"];

interface Availability {
  available: boolean;
  reason: string | null;
}
export interface TransferTargets {
  operators: (Availability & { user: Person; status: Status; load: number; limit: number })[];
  groups: (Availability & { group: { id: Id; name: string }; free: number })[];
  lines: (Availability & {
    line: { id: Id; name: string };
    second_line: boolean;
    came_from: boolean;
  })[];
}

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

/** The lines somebody watches over: those the monitor shows him. */
const supervisedQuery = queryOptions({
  queryKey: ["routing", "supervised"] as const,
  queryFn: async ({ signal }) =>
    (await get<{ lines: { line: { id: Id } }[] }>("/monitor", undefined, signal)).lines.map(
      ({ line }) => line.id,
    ),
  staleTime: 10 * 60_000,
});

/** Undefined until it is known. */
export function useWatchesOver(line: Id): boolean | undefined {
  const can = useCan();
  // Whoever sees or manages every line watches over all of them; no need to ask.
  const all = can("lines.all") || can("lines.manage");
  const { data } = useQuery({ ...supervisedQuery, enabled: !all });
  return all || data?.includes(line);
}
