// What the parts of an open conversation share: the client, the message being quoted, the one being edited, the client's routes, presence.
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { ContactRef, Conversation, Id, Message, Route } from "@/api/types.ts";
import { readStored, writeStored } from "@/lib/storage.ts";
import { useSilent } from "@/ui/use-silent.ts";
import { useRoutes } from "./routes.ts";
import { useWatchesOver } from "./routing.ts";
import { type Presence, usePresence } from "./use-presence.ts";

interface Talk {
  contact: Pick<ContactRef, "id" | "name">;
  quoting: Message | null;
  quote: (message: Message | null) => void;
  editing: Id | null;
  edit: (message: Id | null) => void;
  routes: readonly Route[];
  presence: Presence;
  /** Null: this line is not watched over; else whether it is done without being seen. */
  silent: boolean | null;
  events: boolean;
  toggleEvents: () => void;
}

const Context = createContext<Talk | null>(null);
const eventsKey = "otklik.events";

export function TalkProvider({
  conversation,
  children,
}: {
  conversation: Conversation;
  children: ReactNode;
}) {
  const [quoting, quote] = useState<Message | null>(null);
  const [editing, edit] = useState<Id | null>(null);
  const [events, setEvents] = useState(() => readStored(eventsKey, true));
  const routes = useRoutes(conversation.id, conversation.channel === "group");
  const wanted = useSilent();
  const watches = useWatchesOver(conversation.line.id);
  // Until it is known, whoever wants to be unseen is unseen: he cannot be unseen afterwards.
  const silent = (watches ?? wanted) ? wanted : null;
  const presence = usePresence(conversation.id, silent === true);
  const value = useMemo<Talk>(
    () => ({
      contact: conversation.contact,
      quoting,
      quote,
      editing,
      edit,
      routes,
      presence,
      silent,
      events,
      toggleEvents: () => {
        setEvents(!events);
        writeStored(eventsKey, !events);
      },
    }),
    [conversation.contact, quoting, editing, routes, presence, silent, events],
  );
  return <Context value={value}>{children}</Context>;
}

export function useTalk(): Talk {
  const value = useContext(Context);
  if (!value) throw new Error("a part of a conversation is used outside of it");
  return value;
}
