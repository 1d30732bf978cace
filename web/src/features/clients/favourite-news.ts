// Tells of everything that happens with one's favourite clients, on whatever page one is.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { LiveEvent } from "@/api/live.ts";
import { useCan, useMe } from "@/api/me.ts";
import type { Favourites } from "@/api/types.ts";
import { notifyDone } from "@/ui/notify.ts";
import { useLiveEvents } from "@/ui/use-live.ts";
import { favouritesQuery } from "./queries.ts";

/** What is told, and by which words. */
const told: Record<string, string> = {
  message_created: "wrote",
  message_queued: "answered",
  note_created: "noted",
  conversation_created: "began",
  conversation_taken: "taken",
  conversation_assigned: "assigned",
  conversation_closed: "closed",
  conversation_reopened: "reopened",
  ticket_created: "ticket",
};

/** Whom an event is about: by its conversation, else by the client it names. */
export function favouriteOf(favourites: Favourites["items"], event: LiveEvent): string | null {
  const contact = event.data?.contact as { id?: string } | undefined;
  const found = favourites.find(
    (one) =>
      one.line_id === event.line_id &&
      (one.contact_id === contact?.id ||
        (event.conversation_id != null && one.conversation_ids.includes(event.conversation_id))),
  );
  return found?.name ?? null;
}

export function useFavouriteNews(): void {
  const { t } = useTranslation();
  const me = useMe();
  const can = useCan();
  const client = useQueryClient();
  const known = useQuery({ ...favouritesQuery, enabled: can("contacts.view") });
  useLiveEvents(Object.keys(told), async (event) => {
    if (!can("contacts.view") || (known.data?.items.length === 0 && !known.isFetching)) return;
    // What happens while the list is on its way is judged by the list that arrives.
    const list = await client
      .fetchQuery({ ...favouritesQuery, staleTime: Number.POSITIVE_INFINITY })
      .catch(() => null);
    const name = list && favouriteOf(list.items, event);
    if (name && event.actor_id !== me.id)
      notifyDone(t(`clients:news.${told[event.kind] ?? "other"}`, { name }));
    // A new conversation of a favourite is to be known by its id from now on.
    if (["conversation_created", "conversation_reopened"].includes(event.kind))
      void client.invalidateQueries({ queryKey: favouritesQuery.queryKey });
  });
}
