// The draft of one conversation and kind: kept in the browser at once, on the server a second after the last key.
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useMe } from "@/api/me.ts";
import type { Conversation, Draft } from "@/api/types.ts";
import {
  chooseDraft,
  type DraftKind,
  emptyDraft,
  isBlank,
  type LocalDraft,
  readLocal,
  syncDraft,
  writeLocal,
} from "./drafts.ts";
import { conversationQuery } from "./queries.ts";

export type DraftState = "none" | "saving" | "server" | "device";

const settleFor = 1_000;

export interface DraftControl {
  draft: LocalDraft;
  state: DraftState;
  change: (part: Partial<Pick<LocalDraft, "html" | "attachments" | "to" | "cc">>) => void;
  /** The message has been sent: nothing is left to keep. */
  clear: () => void;
}

export function useDraft(conversation: Conversation, kind: DraftKind): DraftControl {
  const me = useMe();
  const client = useQueryClient();
  const { id } = conversation;
  const [draft, setDraft] = useState<LocalDraft>(() =>
    chooseDraft(
      readLocal(me.id, id, kind),
      kind === "outbound" ? conversation.draft : conversation.note_draft,
    ),
  );
  const [state, setState] = useState<DraftState>(() =>
    isBlank(draft) ? "none" : draft.synced ? "server" : "device",
  );
  const latest = useRef(draft);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  // The conversation in the cache must not bring an older draft back when it is opened again.
  const remember = useCallback(
    (saved: Draft | null) =>
      client.setQueryData(conversationQuery(id).queryKey, (old) =>
        old ? { ...old, [kind === "outbound" ? "draft" : "note_draft"]: saved } : old,
      ),
    [client, id, kind],
  );

  const hand = useCallback(async () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const sent = latest.current;
    if (sent.synced) return;
    try {
      remember(await syncDraft(id, kind, sent));
    } catch {
      setState(isBlank(sent) ? "none" : "device");
      return;
    }
    // Something may have been typed while it was on its way.
    if (latest.current !== sent) return;
    latest.current = { ...sent, synced: true };
    writeLocal(me.id, id, kind, latest.current);
    setDraft(latest.current);
    setState(isBlank(sent) ? "none" : "server");
  }, [id, kind, me.id, remember]);

  const change = useCallback<DraftControl["change"]>(
    (part) => {
      const next: LocalDraft = {
        ...latest.current,
        ...part,
        updatedAt: new Date().toISOString(),
        synced: false,
      };
      latest.current = next;
      writeLocal(me.id, id, kind, next);
      setDraft(next);
      setState(isBlank(next) ? "none" : "saving");
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void hand(), settleFor);
    },
    [id, kind, me.id, hand],
  );

  const clear = useCallback(() => {
    clearTimeout(timer.current);
    const known = latest.current.synced || latest.current.updatedAt !== "";
    latest.current = { ...emptyDraft };
    writeLocal(me.id, id, kind, latest.current);
    setDraft(latest.current);
    setState("none");
    remember(null);
    // The server drops the draft with the message; this covers a draft saved after it, and a message still in the outbox.
    if (known) syncDraft(id, kind, latest.current).catch(() => undefined);
  }, [id, kind, me.id, remember]);

  // Leaving the conversation hands over what is still only here.
  useEffect(
    () => () => {
      if (timer.current) void hand();
    },
    [hand],
  );

  return { draft, state, change, clear };
}
