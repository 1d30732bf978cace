// What the pages of mailboxes and quarantine read.
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type { Group, Id, Items, Line, Mailbox, MailboxPreset, QuarantineDetail } from "@/api/types.ts";

export const mailboxesQuery = queryOptions({
  queryKey: ["mailboxes"],
  queryFn: ({ signal }) => get<Items<Mailbox>>("/mailboxes", undefined, signal),
});
export const mailboxQuery = (id: Id) =>
  queryOptions({
    queryKey: ["mailboxes", id],
    queryFn: ({ signal }) => get<Mailbox>(`/mailboxes/${id}`, undefined, signal),
  });
/** The hints come in the person's language. */
export const presetsQuery = (language: string) =>
  queryOptions({
    queryKey: ["mailbox-presets", language],
    queryFn: ({ signal }) => get<Items<MailboxPreset>>("/mailboxes/presets", undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const openLinesQuery = queryOptions({
  queryKey: ["admin", "lines", "open"],
  queryFn: ({ signal }) => get<Items<Line>>("/lines", undefined, signal),
});
export const groupsQuery = queryOptions({
  queryKey: ["admin", "groups"],
  queryFn: ({ signal }) => get<Items<Group>>("/groups", undefined, signal),
});
export const quarantineItemQuery = (id: Id) =>
  queryOptions({
    queryKey: ["quarantine", "item", id],
    queryFn: ({ signal }) => get<QuarantineDetail>(`/quarantine/${id}`, undefined, signal),
  });
