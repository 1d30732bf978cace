// Messages the server has not confirmed yet. Pure: `chat.ts` keeps the list in storage and sends it.
// Invariant: a message leaves the list only when the server has answered for its `client_id`, or when the visitor drops it.

import type { Attachment, Message, Page } from "./types.ts";

export interface Pending {
  /** Sending again with the same one changes nothing on the server, so a lost answer doubles nothing. */
  client_id: string;
  text: string;
  files: Attachment[];
  fields?: Record<string, string>;
  /** What the button carries that was pressed to say this. */
  pressed?: string | null;
  page: Page;
  created_at: string;
  /** Why the server will not take it; nothing is sent again until the visitor says so. */
  refused?: string;
}

/** The one to send now. A refused message does not hold up those after it. */
export function next(outbox: Pending[]): Pending | undefined {
  return outbox.find((pending) => !pending.refused);
}

export function without(outbox: Pending[], clientId: string): Pending[] {
  return outbox.filter((pending) => pending.client_id !== clientId);
}

export function refuse(outbox: Pending[], clientId: string, reason: string): Pending[] {
  return outbox.map((pending) =>
    pending.client_id === clientId ? { ...pending, refused: reason } : pending,
  );
}

/** Tried again: at the end, where the visitor sees it. */
export function retry(outbox: Pending[], clientId: string, now: string): Pending[] {
  const found = outbox.find((pending) => pending.client_id === clientId);
  if (!found) return outbox;
  return [...without(outbox, clientId), { ...found, created_at: now, refused: undefined }];
}

/** Without those that the server is known to have. */
export function unconfirmed(outbox: Pending[], messages: Message[]): Pending[] {
  const known = new Set(messages.map((message) => message.client_id));
  const rest = outbox.filter((pending) => !known.has(pending.client_id));
  return rest.length === outbox.length ? outbox : rest;
}

/** Milliseconds until try number `tries` (from 1): doubling up to half a minute, spread so that visitors do not come back all at once. */
export function delay(tries: number, random: number): number {
  return Math.min(30_000, 1000 * 2 ** (tries - 1)) * (0.75 + random / 2);
}
