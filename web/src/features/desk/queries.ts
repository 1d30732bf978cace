// What the workspace reads. Keys: ["conversations", filter], ["conversation", id], ["counters"], ["contact", id], ...
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type {
  ChannelHealth,
  Contact,
  ContactSource,
  Conversation,
  ConversationRow,
  Counters,
  Id,
  Items,
  Line,
  LinePanel,
  MessageSource,
  Operator,
  Page,
  PanelBlockName,
  Property,
  SearchHit,
  SlaClock,
  SlaSubject,
  TimelineItem,
} from "@/api/types.ts";
import type { ListFilter } from "./rows.ts";
import { mergeTimeline, prependTimeline } from "./timeline.ts";

/** A list, page by page. With words it is what the search finds in every conversation (of the line, if one is chosen). */
export const listQuery = (filter: ListFilter) =>
  infiniteQueryOptions({
    queryKey: ["conversations", filter] as const,
    queryFn: ({ pageParam, signal }) =>
      filter.search
        ? searchList(filter.search, filter.line, signal)
        : get<Page<ConversationRow>>("/conversations", { ...filter, limit: 50, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    gcTime: 5 * 60_000,
  });

async function searchList(
  q: string,
  line: Id | undefined,
  signal: AbortSignal,
): Promise<Page<ConversationRow>> {
  const { items } = await get<Items<SearchHit>>("/search", { q, limit: 100 }, signal);
  const rows = items.map((hit) => hit.conversation);
  return { items: line ? rows.filter((row) => row.line.id === line) : rows, next: null };
}

export const conversationQuery = (id: Id) =>
  queryOptions({
    queryKey: ["conversation", id] as const,
    queryFn: async ({ signal, client }): Promise<Conversation> => {
      const fresh = await get<Conversation>(`/conversations/${id}`, undefined, signal);
      const old = client.getQueryData<Conversation>(["conversation", id]);
      return old ? { ...fresh, messages: mergeTimeline(old.messages, fresh.messages) } : fresh;
    },
  });

/** Loads the page before the oldest message that is shown. */
export async function loadOlder(client: QueryClient, id: Id): Promise<void> {
  const key = conversationQuery(id).queryKey;
  const before = client.getQueryData(key)?.messages.next;
  if (!before) return;
  const older = await get<Page<TimelineItem>>(`/conversations/${id}/messages`, { before, limit: 50 });
  client.setQueryData(key, (conversation) =>
    conversation && conversation.messages.next === before
      ? { ...conversation, messages: prependTimeline(conversation.messages, older) }
      : conversation,
  );
}

export const countersQuery = queryOptions({
  queryKey: ["counters"] as const,
  queryFn: ({ signal }) => get<Counters>("/conversations/counters", undefined, signal),
});

export const operatorsQuery = queryOptions({
  queryKey: ["operators"] as const,
  queryFn: ({ signal }) => get<Items<Operator>>("/operators", undefined, signal),
  staleTime: 5 * 60_000,
  select: (answer) => answer.items,
});

export const linesQuery = queryOptions({
  queryKey: ["lines"] as const,
  queryFn: ({ signal }) => get<Items<Line>>("/lines", undefined, signal),
  staleTime: 5 * 60_000,
});

export const sourcesQuery = queryOptions({
  queryKey: ["sources"] as const,
  queryFn: ({ signal }) => get<Items<ContactSource>>("/sources", undefined, signal),
  staleTime: 60_000,
});

export const contactQuery = (id: Id) =>
  queryOptions({
    queryKey: ["contact", id] as const,
    queryFn: ({ signal }) => get<Contact>(`/contacts/${id}`, undefined, signal),
  });

export const contactConversationsQuery = (id: Id) =>
  infiniteQueryOptions({
    queryKey: ["contact", id, "conversations"] as const,
    queryFn: ({ pageParam, signal }) =>
      get<Page<ConversationRow>>(`/contacts/${id}/conversations`, { limit: 10, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

/** Group conversations in which a client takes part. */
export const groupsQuery = (contact: Id) =>
  queryOptions({
    queryKey: ["groups", contact] as const,
    queryFn: ({ signal }) =>
      get<Page<ConversationRow>>("/conversations", { view: "groups", contact, limit: 20 }, signal),
  });

export const sourceQuery = (messageId: Id) =>
  queryOptions({
    queryKey: ["source", messageId] as const,
    queryFn: ({ signal }) => get<MessageSource>(`/messages/${messageId}/source`, undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ["search", q, 50] as const,
    queryFn: ({ signal }) => get<Items<SearchHit>>("/search", { q, limit: 50 }, signal),
    enabled: q !== "",
    staleTime: 10_000,
  });

/** The order of the panel's blocks until the line's own is known. */
export const usualPanel: PanelBlockName[] = [
  "properties",
  "rating",
  "visit",
  "source",
  "tickets",
  "threading",
  "participants",
  "history",
];

export const panelQuery = (line: Id) =>
  queryOptions({
    queryKey: ["line-panel", line] as const,
    queryFn: ({ signal }) => get<LinePanel>(`/lines/${line}/panel`, undefined, signal),
    staleTime: 5 * 60_000,
  });

export const propertiesQuery = (id: Id) =>
  queryOptions({
    queryKey: ["conversation", id, "properties"] as const,
    queryFn: ({ signal }) => get<Items<Property>>(`/conversations/${id}/properties`, undefined, signal),
  });

export const healthQuery = queryOptions({
  queryKey: ["channel-health"],
  queryFn: ({ signal }) => get<ChannelHealth>("/channels/health", undefined, signal),
});

/** What was promised on a conversation or a ticket. Not under the conversation's own key: its rounds of fetching would cancel this one. */
export const promisesQuery = (of: SlaSubject, id: Id) =>
  queryOptions({
    queryKey: ["sla", of, id],
    queryFn: ({ signal }) => get<Items<SlaClock>>(`/${of}s/${id}/sla`, undefined, signal),
  });
