// Live events: one socket, resumed by cursor after a drop, so that every event comes once, in order, and none is missed.
// The socket and the timers are arguments, which makes the whole of it a plain state machine for tests.

export interface LiveEvent {
  type: "event";
  cursor: string;
  kind: string;
  /** The record it happened to. */
  subject?: string | null;
  conversation_id?: string | null;
  line_id?: string | null;
  actor_id?: string | null;
  data?: Record<string, unknown> | null;
}
/** Said in passing: who looks at a conversation, who types. No cursor, kept nowhere. */
export type Whisper =
  | {
      type: "presence" | "presence_left";
      conversation_id: string;
      user: { id: string; name: string; avatar_color: number };
      typing?: boolean;
      /** One open page of that person. */
      page?: string | null;
    }
  | { type: "client_typing"; conversation_id: string };
export type LiveFrame =
  | Whisper
  | { type: "hello"; cursor: string }
  | { type: "reset"; cursor: string }
  | { type: "ping" }
  | LiveEvent;

export type LiveStatus = "connecting" | "open" | "lost";

export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

interface Deps {
  open: (after: string | null) => SocketLike;
  /** Runs `run` after `delay` ms and returns how to cancel it. */
  later: (run: () => void, delay: number) => () => void;
  random: () => number;
}

type EventListener = (event: LiveEvent) => void;

/** Half a second at first, then twice as long each time up to thirty seconds, a quarter of it by chance so that a restart is not stormed. */
export function reconnectDelay(attempt: number, random: number): number {
  const full = Math.min(500 * 2 ** attempt, 30_000);
  return Math.round(full * (0.75 + random * 0.25));
}

export class Live {
  readonly #deps: Deps;
  readonly #events = new Set<EventListener>();
  readonly #whispers = new Set<(whisper: Whisper) => void>();
  readonly #resets = new Set<() => void>();
  readonly #statuses = new Set<() => void>();
  #socket: SocketLike | null = null;
  #cursor: string | null = null;
  #attempt = 0;
  #cancelRetry: (() => void) | null = null;
  #wanted = false;
  #status: LiveStatus = "connecting";
  #greeted = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get status(): LiveStatus {
    return this.#status;
  }
  get cursor(): string | null {
    return this.#cursor;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#connect();
  }

  stop(): void {
    this.#wanted = false;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#drop();
    this.#cursor = null;
    this.#greeted = false;
    this.#setStatus("connecting");
  }

  /** The network is back, or the person asks: do not wait for the next try. */
  retryNow(): void {
    if (!this.#wanted || this.#socket) return;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#attempt = 0;
    this.#connect();
  }

  /** The network is known to be gone: do not wait for the socket to find out. */
  lose(): void {
    if (!this.#wanted) return;
    this.#drop();
    this.#retry();
  }

  onEvent(listener: EventListener): () => void {
    this.#events.add(listener);
    return () => this.#events.delete(listener);
  }
  /** Everything shown may be old: fetch it again. Also called once when the first connection stands. */
  onReset(listener: () => void): () => void {
    this.#resets.add(listener);
    return () => this.#resets.delete(listener);
  }
  onWhisper(listener: (whisper: Whisper) => void): () => void {
    this.#whispers.add(listener);
    return () => this.#whispers.delete(listener);
  }
  /** Says something in passing; without a connection nobody hears it, and nothing is kept for later. */
  send(frame: object): void {
    if (this.#status === "open") this.#socket?.send(JSON.stringify(frame));
  }
  onStatus(listener: () => void): () => void {
    this.#statuses.add(listener);
    return () => this.#statuses.delete(listener);
  }

  #connect(): void {
    const socket = this.#deps.open(this.#cursor);
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket && typeof data === "string") this.#receive(data);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#retry();
    };
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #retry(): void {
    if (!this.#wanted) return;
    this.#setStatus("lost");
    this.#cancelRetry?.();
    this.#cancelRetry = this.#deps.later(
      () => {
        this.#cancelRetry = null;
        if (this.#wanted && !this.#socket) this.#connect();
      },
      reconnectDelay(this.#attempt, this.#deps.random()),
    );
    this.#attempt += 1;
  }

  #receive(text: string): void {
    let frame: LiveFrame;
    try {
      frame = JSON.parse(text) as LiveFrame;
    } catch {
      return;
    }
    if (frame.type === "hello") {
      this.#attempt = 0;
      this.#cursor ??= frame.cursor;
      this.#setStatus("open");
      if (!this.#greeted) {
        this.#greeted = true;
        for (const listener of this.#resets) listener();
      }
    } else if (frame.type === "reset") {
      this.#cursor = frame.cursor;
      for (const listener of this.#resets) listener();
    } else if (frame.type === "event") {
      this.#cursor = frame.cursor;
      for (const listener of this.#events) listener(frame);
    } else if (
      frame.type === "presence" ||
      frame.type === "presence_left" ||
      frame.type === "client_typing"
    ) {
      for (const listener of this.#whispers) listener(frame);
    }
  }

  #setStatus(status: LiveStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    for (const listener of this.#statuses) listener();
  }
}

export const live = new Live({
  open: (after) => {
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    const tail = after ? `?after=${encodeURIComponent(after)}` : "";
    return new WebSocket(`${scheme}://${window.location.host}/api/v1/live${tail}`) as unknown as SocketLike;
  },
  later: (run, delay) => {
    const timer = setTimeout(run, delay);
    return () => clearTimeout(timer);
  },
  random: Math.random,
});

if (typeof window !== "undefined") {
  window.addEventListener("online", () => live.retryNow());
  window.addEventListener("offline", () => live.lose());
}
