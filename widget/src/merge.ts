// One list of messages out of pages, live frames and answers, in whatever order they come.

import type { Message } from "./types.ts";

const RANK = { sent: 0, delivered: 1, read: 2 };

/** Oldest first, each message once; the later news about a message wins, except that a mark never goes back. */
export function merge(known: Message[], news: Message[]): Message[] {
  const all = new Map(known.map((message) => [message.id, message]));
  for (const message of news) {
    const before = all.get(message.id);
    all.set(message.id, before ? newer(before, message) : message);
  }
  return [...all.values()].sort(
    (a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

function newer(before: Message, after: Message): Message {
  const further = RANK[before.state ?? "sent"] > RANK[after.state ?? "sent"] ? before.state : after.state;
  // A frame that was on its way when we read the page may be older than the page.
  const stale = !after.deleted && (before.deleted || (before.edited_at ?? "") > (after.edited_at ?? ""));
  return { ...(stale ? before : after), client_id: after.client_id ?? before.client_id, state: further };
}

/** A page of the newest messages after a pause: kept together with what is known when they touch, else in place of it. */
export function catchUp(known: Message[], page: Message[]): Message[] {
  const ids = new Set(known.map((message) => message.id));
  const touches = known.length === 0 || page.some((message) => ids.has(message.id));
  return touches ? merge(known, page) : merge([], page);
}

/** The operator has read our messages up to this one. */
export function markRead(messages: Message[], upTo: string): Message[] {
  const last = messages.findIndex((message) => message.id === upTo);
  return messages.map((message, index) =>
    message.from === "visitor" && index <= last && message.state !== "read"
      ? { ...message, state: "read" }
      : message,
  );
}

/** The newest message of the other side, which is what a read mark names. */
export function lastIncoming(messages: Message[]): Message | undefined {
  return messages.filter((message) => message.from !== "visitor").pop();
}

/** One person's messages that follow each other within five minutes stand together. */
export function isContinued(before: Message | undefined, message: Message): boolean {
  return (
    before !== undefined &&
    before.from === message.from &&
    before.author?.name === message.author?.name &&
    (before.group ?? null) === (message.group ?? null) &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < 300_000 &&
    !isNewDay(before, message)
  );
}

export function isNewDay(before: Message | undefined, message: Message): boolean {
  const day = (time: string) => new Date(time).toDateString();
  return before === undefined || day(before.created_at) !== day(message.created_at);
}
