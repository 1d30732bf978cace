// Messages on their way to the server. They survive a lost connection and a reload, leave in order, and never twice:
// each carries one Idempotency-Key for all its tries. Pure steps first; `Outbox` keeps them in the browser and sends.
import { ApiError, OfflineError, post } from "@/api/http.ts";
import { reconnectDelay } from "@/api/live.ts";
import type { Attachment, Id, Message, NewMessage } from "@/api/types.ts";
import { readStored, writeStored } from "@/lib/storage.ts";

export interface OutboxEntry {
  /** Also the Idempotency-Key. */
  key: string;
  conversationId: Id;
  body: NewMessage;
  attachments: Attachment[];
  createdAt: string;
  attempts: number;
  state: "waiting" | "sending" | "rejected";
  /** Plain words of the server when it will not take the message. */
  error: string | null;
}

export type Outcome = { type: "sent" } | { type: "later" } | { type: "rejected"; error: string };

const triesOfServerErrors = 5;

/** What a failed try means: no connection, a busy or restarting server are tried again; a refusal is shown. */
export function outcomeOf(error: unknown, attempts: number): Outcome {
  if (error instanceof OfflineError) return { type: "later" };
  if (error instanceof ApiError) {
    if (error.status === 401 || error.status === 429 || error.status === 408) return { type: "later" };
    if (error.status >= 500 && attempts < triesOfServerErrors) return { type: "later" };
    return { type: "rejected", error: error.message };
  }
  return { type: "later" };
}

/** The next entry to send: the oldest of each conversation first, none behind a rejected one of the same conversation. */
export function nextToSend(entries: readonly OutboxEntry[]): OutboxEntry | null {
  const blocked = new Set<Id>();
  for (const entry of entries) {
    if (entry.state === "waiting" && !blocked.has(entry.conversationId)) return entry;
    blocked.add(entry.conversationId);
  }
  return null;
}

export function settle(entries: readonly OutboxEntry[], key: string, outcome: Outcome): OutboxEntry[] {
  if (outcome.type === "sent") return entries.filter((entry) => entry.key !== key);
  return entries.map((entry) => {
    if (entry.key !== key) return entry;
    if (outcome.type === "rejected") return { ...entry, state: "rejected", error: outcome.error };
    return { ...entry, state: "waiting" };
  });
}

/** Entries as they are after a reload: nothing is being sent any more. */
export function awaken(entries: readonly OutboxEntry[]): OutboxEntry[] {
  return entries.map((entry) => (entry.state === "sending" ? { ...entry, state: "waiting" } : entry));
}

type Sent = (entry: OutboxEntry, message: Message) => void;

export class Outbox {
  readonly #storageKey: string;
  readonly #onSent: Sent;
  readonly #listeners = new Set<() => void>();
  #entries: readonly OutboxEntry[];
  #running = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(userId: Id, onSent: Sent) {
    this.#storageKey = `otklik.outbox.${userId}`;
    this.#onSent = onSent;
    this.#entries = readStored<OutboxEntry[]>(this.#storageKey, []);
    window.addEventListener("storage", this.#adopt);
  }

  stop(): void {
    clearTimeout(this.#timer);
    window.removeEventListener("storage", this.#adopt);
  }

  get entries(): readonly OutboxEntry[] {
    return this.#entries;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(entry: Pick<OutboxEntry, "conversationId" | "body" | "attachments">): void {
    const key = crypto.randomUUID();
    const createdAt = new Date().toISOString();
    this.#update((entries) => [
      ...entries,
      { ...entry, key, createdAt, attempts: 0, state: "waiting", error: null },
    ]);
    void this.flush();
  }

  /** Takes a message out, to write it again or to drop it. One that is being sent stays. */
  take(key: string): OutboxEntry | null {
    const entry = this.#entries.find((found) => found.key === key && found.state !== "sending") ?? null;
    if (entry) this.#update((entries) => entries.filter((found) => found.key !== key));
    return entry;
  }

  /** Tries a rejected message again, under the same key. */
  retry(key: string): void {
    this.#update((entries) =>
      entries.map((entry) =>
        entry.key === key ? { ...entry, state: "waiting", error: null, attempts: 0 } : entry,
      ),
    );
    void this.flush();
  }

  /** Sends what waits, one after another. Only one tab sends at a time. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#running || this.#entries.length === 0) return;
    this.#running = true;
    try {
      if (navigator.locks) await navigator.locks.request(this.#storageKey, () => this.#sendAll());
      else await this.#sendAll();
    } finally {
      this.#running = false;
    }
  }

  async #sendAll(): Promise<void> {
    // Nobody else sends now: what a closed tab left as "sending" waits again.
    this.#update(awaken);
    for (let entry = nextToSend(this.#entries); entry; entry = nextToSend(this.#entries)) {
      const { key, conversationId, body } = entry;
      const attempts = entry.attempts + 1;
      this.#update((entries) =>
        entries.map((found) => (found.key === key ? { ...found, state: "sending", attempts } : found)),
      );
      let outcome: Outcome = { type: "sent" };
      try {
        const message = await post<Message>(`/conversations/${conversationId}/messages`, body, {
          idempotencyKey: key,
        });
        this.#onSent(entry, message);
      } catch (error) {
        outcome = outcomeOf(error, attempts);
      }
      this.#update((entries) => settle(entries, key, outcome));
      if (outcome.type === "later") {
        this.#timer = setTimeout(() => void this.flush(), reconnectDelay(this.#failures, Math.random()));
        this.#failures += 1;
        return;
      }
      this.#failures = 0;
    }
  }

  /** Another tab has changed the stored entries. */
  #adopt = (event: StorageEvent): void => {
    if (event.key !== this.#storageKey) return;
    this.#entries = readStored<OutboxEntry[]>(this.#storageKey, []);
    for (const listener of this.#listeners) listener();
  };

  /** Invariant: every change starts from what is stored, because other tabs of the same person write there too. */
  #update(change: (entries: readonly OutboxEntry[]) => readonly OutboxEntry[]): void {
    this.#entries = change(readStored<OutboxEntry[]>(this.#storageKey, []));
    writeStored(this.#storageKey, this.#entries);
    for (const listener of this.#listeners) listener();
  }
}
