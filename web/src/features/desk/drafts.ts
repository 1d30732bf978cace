// What is being written but not sent. Kept in the browser at once and on the server a second later; the newer one wins when it is opened again.
import { put, remove } from "@/api/http.ts";
import type { Address, Attachment, Draft, Id } from "@/api/types.ts";
import { readStored, removeStored, writeStored } from "@/lib/storage.ts";

export type DraftKind = "outbound" | "note";

export interface LocalDraft {
  html: string;
  attachments: Attachment[];
  /** Null: the conversation's own addressees. */
  to: Address[] | null;
  cc: Address[] | null;
  updatedAt: string;
  /** The server has exactly this. */
  synced: boolean;
}

export const emptyDraft: LocalDraft = {
  html: "",
  attachments: [],
  to: null,
  cc: null,
  updatedAt: "",
  synced: true,
};

/** No words, no pictures, no files: nothing worth keeping. */
export function isBlank(draft: Pick<LocalDraft, "html" | "attachments">): boolean {
  if (draft.attachments.length > 0 || /<img\b/i.test(draft.html)) return false;
  return draft.html.replace(/<[^>]*>/g, "").replace(/&nbsp;|\s/g, "") === "";
}

/** Which of the two to open: what this browser could not hand over yet, else the newer. */
export function chooseDraft(local: LocalDraft | null, server: Draft | null): LocalDraft {
  const fromServer: LocalDraft | null = server
    ? {
        html: server.html,
        attachments: server.attachments,
        to: server.to.length > 0 ? server.to : null,
        cc: server.cc.length > 0 ? server.cc : null,
        updatedAt: server.updated_at,
        synced: true,
      }
    : null;
  if (local && !local.synced && !isBlank(local)) {
    return fromServer && Date.parse(fromServer.updatedAt) > Date.parse(local.updatedAt) ? fromServer : local;
  }
  return fromServer ?? emptyDraft;
}

const storageKey = (user: Id, conversation: Id, kind: DraftKind) =>
  `otklik.draft.${user}.${conversation}.${kind}`;

export function readLocal(user: Id, conversation: Id, kind: DraftKind): LocalDraft | null {
  return readStored<LocalDraft | null>(storageKey(user, conversation, kind), null);
}

export function writeLocal(user: Id, conversation: Id, kind: DraftKind, draft: LocalDraft): void {
  if (isBlank(draft)) removeStored(storageKey(user, conversation, kind));
  else writeStored(storageKey(user, conversation, kind), draft);
}

/** Hands the draft to the server; a blank one is deleted there. Answers what the server has now. */
export async function syncDraft(conversation: Id, kind: DraftKind, draft: LocalDraft): Promise<Draft | null> {
  if (isBlank(draft)) {
    await remove(`/conversations/${conversation}/draft`, { kind });
    return null;
  }
  return put<Draft>(`/conversations/${conversation}/draft`, {
    kind,
    html: draft.html,
    attachment_ids: draft.attachments.map((attachment) => attachment.id),
    to: draft.to ?? undefined,
    cc: draft.cc ?? undefined,
  });
}
