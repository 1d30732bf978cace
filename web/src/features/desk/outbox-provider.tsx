// Gives the conversation its outbox, the message that can still be taken back, and the way back into the composer.
import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { live } from "@/api/live.ts";
import { useMe } from "@/api/me.ts";
import type { Attachment, Id, Message } from "@/api/types.ts";
import { applyMessage, refreshConversation, refreshCounters } from "./cache.ts";
import { type DraftKind, type LocalDraft, writeLocal } from "./drafts.ts";
import { Outbox, type OutboxEntry } from "./outbox.ts";

/** A message that has been accepted but not left yet. */
export interface Undoable {
  conversationId: Id;
  message: Message;
  kind: DraftKind;
  /** On this computer's clock, milliseconds. */
  until: number;
}

interface Value {
  outbox: Outbox;
  undoable: Undoable | null;
  clearUndoable: () => void;
  /** Puts words back into the composer of a conversation. */
  writeAgain: (conversation: Id, kind: DraftKind, html: string, attachments: Attachment[]) => void;
  /** Grows with each `writeAgain`: the composer starts anew from its draft. */
  version: number;
}

const Context = createContext<Value | null>(null);

export function OutboxProvider({ children }: { children: ReactNode }) {
  const me = useMe();
  const client = useQueryClient();
  const [undoable, setUndoable] = useState<Undoable | null>(null);
  const [version, setVersion] = useState(0);

  const onSent = useRef((entry: OutboxEntry, message: Message) => {
    applyMessage(client, entry.conversationId, message);
    void refreshConversation(client, entry.conversationId);
    void refreshCounters(client);
    if (message.kind !== "outbound" || !message.undo_until) return;
    // Both times are the server's, so a wrong clock here does not matter.
    const left = Date.parse(message.undo_until) - Date.parse(message.created_at);
    setUndoable({
      conversationId: entry.conversationId,
      message,
      kind: "outbound",
      until: Date.now() + Math.min(left, 10_000) - 250,
    });
  });
  const [outbox] = useState(() => new Outbox(me.id, (entry, message) => onSent.current(entry, message)));

  useEffect(() => {
    void outbox.flush();
    const stop = live.onStatus(() => {
      if (live.status === "open") void outbox.flush();
    });
    const online = () => void outbox.flush();
    window.addEventListener("online", online);
    return () => {
      stop();
      window.removeEventListener("online", online);
    };
  }, [outbox]);

  const clearUndoable = useCallback(() => setUndoable(null), []);
  const writeAgain = useCallback(
    (conversation: Id, kind: DraftKind, html: string, attachments: Attachment[]) => {
      const draft: LocalDraft = {
        html,
        attachments,
        to: null,
        cc: null,
        updatedAt: new Date().toISOString(),
        synced: false,
      };
      writeLocal(me.id, conversation, kind, draft);
      setVersion((old) => old + 1);
    },
    [me.id],
  );
  const value = useMemo(
    () => ({ outbox, undoable, clearUndoable, writeAgain, version }),
    [outbox, undoable, clearUndoable, writeAgain, version],
  );
  return <Context value={value}>{children}</Context>;
}

export function useOutbox(): Value {
  const value = useContext(Context);
  if (!value) throw new Error("the outbox is used outside its provider");
  return value;
}

/** What waits to be sent in this conversation. */
export function useWaiting(conversation: Id): readonly OutboxEntry[] {
  const { outbox } = useOutbox();
  const entries = useSyncExternalStore(outbox.subscribe, () => outbox.entries);
  return useMemo(
    () => entries.filter((entry) => entry.conversationId === conversation),
    [entries, conversation],
  );
}
