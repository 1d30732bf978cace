// Who may take part in a group conversation: clients of the line, and colleagues.
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { ClientList, Id, Items, Operator } from "@/api/types.ts";
import type { Someone } from "./people-field.tsx";
import { useDebounced } from "./use-debounced.ts";

const clientsLike = (line: Id, search: string) =>
  queryOptions({
    queryKey: ["clients-like", line, search] as const,
    queryFn: ({ signal }) =>
      get<ClientList>(`/lines/${line}/clients`, { search: search || undefined, limit: 20 }, signal),
    staleTime: 30_000,
  });

const colleagues = queryOptions({
  queryKey: ["operators"] as const,
  queryFn: ({ signal }) => get<Items<Operator>>("/operators", undefined, signal),
  staleTime: 5 * 60_000,
  select: (answer) => answer.items,
});

/** Clients by the words typed; until then those of the same company, or those who wrote last. */
export function useClientSearch(line: Id, company?: string) {
  const [words, setWords] = useState("");
  const settled = useDebounced(words.trim(), 200);
  const query = useQuery({
    ...clientsLike(line, settled || company || ""),
    placeholderData: keepPreviousData,
  });
  const found = (query.data?.items ?? []).map(
    ({ id, name, avatar_color, company: own }): Someone => ({ id, name, avatar_color, note: own?.name }),
  );
  return { found, busy: query.isFetching, search: setWords };
}

export function useColleaguesToAdd(): Someone[] {
  const me = useMe();
  const { data } = useQuery(colleagues);
  return (data ?? [])
    .filter((one) => one.id !== me.id)
    .map(({ id, name, avatar_color }) => ({ id, name, avatar_color }));
}
