// Who may be called into a conversation by name: asked for when the first "@" is typed, and kept for a while.
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { get } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { Id, Items, Person } from "@/api/types.ts";

export function useColleagues(id: Id): () => Promise<Person[]> {
  const client = useQueryClient();
  const me = useMe();
  return useCallback(
    () =>
      client
        .fetchQuery({
          queryKey: ["conversation", id, "colleagues"],
          queryFn: ({ signal }) => get<Items<Person>>(`/conversations/${id}/colleagues`, undefined, signal),
          staleTime: 60_000,
        })
        .then((answer) => answer.items.filter((person) => person.id !== me.id))
        .catch(() => []),
    [client, id, me.id],
  );
}

/** Those whose name has a word that begins so, the nearest first. */
export function namedLike(people: readonly Person[], words: string): Person[] {
  const fold = (text: string) => text.toLowerCase().replaceAll("ё", "е");
  const wanted = fold(words.trim());
  const begins = (person: Person) => fold(person.name).startsWith(wanted);
  return people
    .filter((person) =>
      fold(person.name)
        .split(/[\s-]+/)
        .some((word) => word.startsWith(wanted)),
    )
    .toSorted((one, other) => Number(begins(other)) - Number(begins(one)))
    .slice(0, 8);
}
