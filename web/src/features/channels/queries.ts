// What the pages of channels read.
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type { Channel, ChannelKind, Group, Id, Items, Line, Mailbox } from "@/api/types.ts";

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: ({ signal }) => get<Items<Channel>>("/channels", undefined, signal),
});
export const channelQuery = (id: Id) =>
  queryOptions({
    queryKey: ["channels", id],
    queryFn: ({ signal }) => get<Channel>(`/channels/${id}`, undefined, signal),
  });
/** Labels and steps come in the person's language. */
export const kindsQuery = (language: string) =>
  queryOptions({
    queryKey: ["channel-kinds", language],
    queryFn: ({ signal }) => get<Items<ChannelKind>>("/channels/kinds", undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const mailboxesQuery = queryOptions({
  queryKey: ["mailboxes"],
  queryFn: ({ signal }) => get<Items<Mailbox>>("/mailboxes", undefined, signal),
});
export const openLinesQuery = queryOptions({
  queryKey: ["admin", "lines", "open"],
  queryFn: ({ signal }) => get<Items<Line>>("/lines", undefined, signal),
});
export const groupsQuery = queryOptions({
  queryKey: ["admin", "groups"],
  queryFn: ({ signal }) => get<Items<Group>>("/groups", undefined, signal),
});
