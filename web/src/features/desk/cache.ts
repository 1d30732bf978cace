// Changes of one conversation, put everywhere it is shown: the open conversation, every loaded list, the client's history.
import type { QueryClient } from "@tanstack/react-query";
import { meQuery } from "@/api/me.ts";
import type { Conversation, ConversationRow, Id, Message } from "@/api/types.ts";
import { conversationQuery, countersQuery } from "./queries.ts";
import { dropRow, type ListFilter, placeRow, type Rows } from "./rows.ts";
import { putMessage } from "./timeline.ts";

/** Only the fields of a row, out of a row or a whole conversation. */
export function rowOf(source: ConversationRow | Conversation): ConversationRow {
  const { id, number, subject, status, priority, line, contact, assignee, channel, preview, last_from } =
    source;
  const { last_message_at, created_at, message_count, unread, snoozed_until } = source;
  const { closed_at, first_reply_at, delivery, ticket, due } = source;
  return {
    id,
    number,
    subject,
    status,
    priority,
    line,
    contact,
    assignee,
    channel,
    preview,
    last_from,
    last_message_at,
    created_at,
    message_count,
    unread,
    snoozed_until,
    closed_at,
    first_reply_at,
    delivery,
    ticket,
    due,
  };
}

export function applyRow(client: QueryClient, source: ConversationRow): void {
  const row = rowOf(source);
  const me = client.getQueryData(meQuery.queryKey)?.id ?? "";
  client.setQueryData(conversationQuery(row.id).queryKey, (old) => (old ? { ...old, ...row } : old));
  for (const [key, rows] of client.getQueriesData<Rows>({ queryKey: ["conversations"] })) {
    if (rows) client.setQueryData(key, placeRow(rows, row, key[1] as ListFilter, me));
  }
  client.setQueriesData<Rows>({ queryKey: ["contact", row.contact.id, "conversations"] }, (rows) =>
    rows
      ? {
          ...rows,
          pages: rows.pages.map((page) => ({
            ...page,
            items: page.items.map((item) => (item.id === row.id ? row : item)),
          })),
        }
      : rows,
  );
}

/** The conversation is no longer ours to see. */
export function forgetConversation(client: QueryClient, id: Id): void {
  client.setQueriesData<Rows>({ queryKey: ["conversations"] }, (rows) => (rows ? dropRow(rows, id) : rows));
}

export function applyMessage(client: QueryClient, conversationId: Id, message: Message): void {
  client.setQueryData(conversationQuery(conversationId).queryKey, (old) =>
    old ? { ...old, messages: putMessage(old.messages, message) } : old,
  );
}

export function removeMessage(client: QueryClient, conversationId: Id, messageId: Id): void {
  client.setQueryData(conversationQuery(conversationId).queryKey, (old) =>
    old
      ? {
          ...old,
          messages: { ...old.messages, items: old.messages.items.filter((item) => item.id !== messageId) },
        }
      : old,
  );
}

export function refreshConversation(client: QueryClient, id: Id): Promise<void> {
  return client.invalidateQueries({ queryKey: conversationQuery(id).queryKey });
}

export function refreshCounters(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: countersQuery.queryKey });
}
