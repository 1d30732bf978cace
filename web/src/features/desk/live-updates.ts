// Live events of the workspace: an event means "this conversation changed", so exactly that conversation is fetched and put in place.
// Invariant: events are gathered for a moment, a conversation is fetched once a round; a storm refreshes the shown lists instead.
import type { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/http.ts";
import { type LiveEvent, live } from "@/api/live.ts";
import type { Id } from "@/api/types.ts";
import { applyRow, forgetConversation, refreshCounters } from "./cache.ts";
import { conversationQuery } from "./queries.ts";
import { routesQuery } from "./routes.ts";

export interface Batch {
  conversations: ReadonlySet<Id>;
  /** Those whose ways to the client may have changed. */
  routes: ReadonlySet<Id>;
  counters: boolean;
  lines: boolean;
  operators: boolean;
}
export const emptyBatch: Batch = {
  conversations: new Set(),
  routes: new Set(),
  counters: false,
  lines: false,
  operators: false,
};

/** A client's message opens the time for free words; a messenger tells when he stops us. */
const aboutRoutes = new Set(["message_created", "client_blocked_channel", "client_allowed_channel"]);

/** What has to be fetched after one more event. */
export function gather(batch: Batch, event: LiveEvent): Batch {
  if (event.kind === "counters") return { ...batch, counters: true };
  if (event.kind === "line_changed") return { ...batch, lines: true };
  if (event.kind === "user_changed") return { ...batch, operators: true };
  if (event.kind === "group_changed") return { ...batch, lines: true, operators: true };
  if (!event.conversation_id) return batch;
  const { conversation_id, kind } = event;
  return {
    ...batch,
    counters: true,
    conversations: new Set([...batch.conversations, conversation_id]),
    routes: aboutRoutes.has(kind) ? new Set([...batch.routes, conversation_id]) : batch.routes,
  };
}

const gatherFor = 120;
const storm = 12;

export function followLiveEvents(client: QueryClient): () => void {
  let batch = emptyBatch;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const settle = async () => {
    timer = undefined;
    const { conversations, routes, counters, lines, operators } = batch;
    batch = emptyBatch;
    if (lines) void client.invalidateQueries({ queryKey: ["lines"] });
    if (operators) void client.invalidateQueries({ queryKey: ["operators"] });
    if (counters) void refreshCounters(client);
    // Only those that are shown are read again.
    for (const id of routes) void client.invalidateQueries({ queryKey: routesQuery(id).queryKey });
    if (conversations.size > storm) {
      void client.invalidateQueries({ queryKey: ["conversations"] });
      for (const id of conversations)
        void client.invalidateQueries({ queryKey: conversationQuery(id).queryKey });
      return;
    }
    await Promise.all([...conversations].map((id) => refetchOne(client, id)));
  };

  const stopEvents = live.onEvent((event) => {
    batch = gather(batch, event);
    if (batch !== emptyBatch) timer ??= setTimeout(() => void settle(), gatherFor);
  });
  const stopResets = live.onReset(() => {
    for (const key of [
      "conversations",
      "conversation",
      "routes",
      "counters",
      "contact",
      "lines",
      "operators",
    ]) {
      void client.invalidateQueries({ queryKey: [key] });
    }
  });
  return () => {
    clearTimeout(timer);
    stopEvents();
    stopResets();
  };
}

async function refetchOne(client: QueryClient, id: Id): Promise<void> {
  try {
    // A fetch that is already under way may have read the state before this event.
    await client.cancelQueries({ queryKey: conversationQuery(id).queryKey });
    const conversation = await client.fetchQuery({ ...conversationQuery(id), staleTime: 0 });
    applyRow(client, conversation);
    void client.invalidateQueries({ queryKey: ["contact", conversation.contact.id], refetchType: "active" });
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 403))
      forgetConversation(client, id);
  }
}
