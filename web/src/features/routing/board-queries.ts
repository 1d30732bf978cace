// What the board reads. Keys: ["routing", "board", line], ["routing", "transfer", conversation].
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type { components } from "@/api/schema.ts";
import type { Id } from "@/api/types.ts";

type Schemas = components["schemas"];
export type Board = Schemas["Board"];
export type BoardColumn = Schemas["BoardColumn"];
export type OperatorTarget = Schemas["OperatorTarget"];

export const boardQuery = (line: Id) =>
  queryOptions({
    queryKey: ["routing", "board", line] as const,
    queryFn: ({ signal }) => get<Board>("/board", { line }, signal),
    staleTime: 5_000,
  });

/** Who may be given this conversation now, and why the others may not. */
export const takersQuery = (conversation: Id) =>
  queryOptions({
    queryKey: ["routing", "transfer", conversation] as const,
    queryFn: ({ signal }) =>
      get<Schemas["TransferTargets"]>(`/conversations/${conversation}/transfer-targets`, undefined, signal),
    staleTime: 0,
    gcTime: 0,
  });
