// What the pages of sign-in and of the own settings read.
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type { Items, Session, SetupState, Token } from "@/api/types.ts";

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => get<SetupState>("/setup", undefined, signal),
  staleTime: 5_000,
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => get<Items<Session>>("/me/sessions", undefined, signal),
  staleTime: 10_000,
});

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => get<Items<Token>>("/tokens", undefined, signal),
});
