// What the parts of an open conversation share: the message being quoted, the one being edited, the client's routes, presence.
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { Conversation, Id, Message, Route } from "@/api/types.ts";
import { readStored, writeStored } from "@/lib/storage.ts";
import { useRoutes } from "./routes.ts";
import { type Presence, usePresence } from "./use-presence.ts";

interface Talk {
  quoting: Message | null;
  quote: (message: Message | null) => void;
  editing: Id | null;
  edit: (message: Id | null) => void;
  routes: readonly Route[];
  presence: Presence;
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
  const routes = useRoutes(conversation.id);
  const presence = usePresence(conversation.id);
  const value = useMemo<Talk>(
    () => ({
      quoting,
      quote,
      editing,
      edit,
      routes,
      presence,
      events,
      toggleEvents: () => {
        setEvents(!events);
        writeStored(eventsKey, !events);
      },
    }),
    [quoting, editing, routes, presence, events],
  );
  return <Context value={value}>{children}</Context>;
}

export function useTalk(): Talk {
  const value = useContext(Context);
  if (!value) throw new Error("a part of a conversation is used outside of it");
  return value;
}
