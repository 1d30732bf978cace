// What an operator does with a conversation. Shown at once; when the server says no, the old state comes back with its words.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch, post, put } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { ConversationRow, Id, Person, Priority } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { applyRow, refreshConversation, refreshCounters, rowOf } from "./cache.ts";
import { conversationQuery } from "./queries.ts";
import type { Rows } from "./rows.ts";

/** The row as it is known now, from the open conversation or any list. */
function knownRow(client: QueryClient, id: Id): ConversationRow | null {
  const open = client.getQueryData(conversationQuery(id).queryKey);
  if (open) return rowOf(open);
  for (const [, rows] of client.getQueriesData<Rows>({ queryKey: ["conversations"] })) {
    for (const page of rows?.pages ?? []) {
      const found = page.items.find((row) => row.id === id);
      if (found) return found;
    }
  }
  return null;
}

export interface Commands {
  take(id: Id): Promise<void>;
  assign(id: Id, to: Person | null): Promise<void>;
  close(id: Id): Promise<void>;
  reopen(id: Id): Promise<void>;
  notSpam(id: Id): Promise<void>;
  snooze(id: Id, until: Date): Promise<void>;
  rename(id: Id, subject: string): Promise<void>;
  prioritise(id: Id, priority: Priority): Promise<void>;
  markRead(id: Id): Promise<void>;
}

export function useCommands(): Commands {
  const client = useQueryClient();
  const me = useMe();
  const { t } = useTranslation();
  const asPerson: Person = { id: me.id, name: me.name, avatar_color: me.avatar_color };

  const change = async (
    id: Id,
    shown: Partial<ConversationRow>,
    send: () => Promise<ConversationRow | undefined>,
  ) => {
    const before = knownRow(client, id);
    if (before) applyRow(client, { ...before, ...shown });
    try {
      const row = await send();
      if (row) applyRow(client, row);
      // The change is also an event in the timeline.
      void refreshConversation(client, id);
      void refreshCounters(client);
    } catch (error) {
      if (before) applyRow(client, before);
      void refreshConversation(client, id);
      notifyError(error, t("desk:command.failed"));
    }
  };

  return {
    take: (id) =>
      change(id, { assignee: asPerson }, () => post<ConversationRow>(`/conversations/${id}/take`)),
    assign: (id, to) =>
      change(id, { assignee: to }, () =>
        put<ConversationRow>(`/conversations/${id}/assignee`, { user_id: to?.id ?? null }),
      ),
    close: (id) =>
      change(id, { status: "closed", snoozed_until: null }, () =>
        post<ConversationRow>(`/conversations/${id}/close`),
      ),
    reopen: (id) =>
      change(id, { status: "open", snoozed_until: null }, () =>
        post<ConversationRow>(`/conversations/${id}/reopen`),
      ),
    notSpam: (id) =>
      change(id, { status: "open" }, () => post<ConversationRow>(`/conversations/${id}/not-spam`)),
    snooze: (id, until) =>
      change(id, { status: "snoozed", snoozed_until: until.toISOString() }, () =>
        post<ConversationRow>(`/conversations/${id}/snooze`, { until: until.toISOString() }),
      ),
    rename: (id, subject) =>
      change(id, { subject }, () => patch<ConversationRow>(`/conversations/${id}`, { subject })),
    prioritise: (id, priority) =>
      change(id, { priority }, () => patch<ConversationRow>(`/conversations/${id}`, { priority })),
    markRead: async (id) => {
      const row = knownRow(client, id);
      if (row) applyRow(client, { ...row, unread: false });
      try {
        await post(`/conversations/${id}/read`);
        void refreshCounters(client);
      } catch {
        // The mark is set again the next time the conversation is looked at.
      }
    },
  };
}
