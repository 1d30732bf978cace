// The WebSocket: opened again after every loss, at growing distances, at once when the network or the visitor comes back.

import { delay } from "./outbox.ts";
import type { Frame } from "./types.ts";

export type Connection = "off" | "connecting" | "online" | "lost";

/** How long one try may take, in milliseconds. */
const TRY_PATIENCE = 12_000;

export interface LiveHandlers {
  /** The address to connect to, made anew for every try. */
  address(): string;
  frame(frame: Frame): void;
  /** Called after every successful connection: something may have been missed before it. */
  opened(): void;
  changed(state: Connection): void;
}

export class Live {
  state: Connection = "off";
  #socket: WebSocket | null = null;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly #handlers: LiveHandlers;

  constructor(handlers: LiveHandlers) {
    this.#handlers = handlers;
    // A machine that wakes up or a network that returns is not made to wait for the timer.
    const hurry = () => this.state === "lost" && this.#connect();
    addEventListener("online", hurry);
    addEventListener("offline", () => this.#socket && this.#lose(this.#socket));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hurry());
  }

  start(): void {
    if (this.state === "off") this.#connect();
  }

  stop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#turn("off");
  }

  restart(): void {
    this.stop();
    this.start();
  }

  /** True when it left; what is only said in passing (typing, the page) is not kept for later. */
  send(frame: object): boolean {
    if (this.state !== "online" || this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#turn("connecting");
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.#handlers.address());
    } catch {
      this.#retry();
      return;
    }
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lose(socket), TRY_PATIENCE);
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      clearTimeout(this.#timer);
      this.#turn("online");
      this.#handlers.opened();
    };
    socket.onmessage = (event) => {
      if (this.#socket !== socket) return;
      let frame: Frame;
      try {
        frame = JSON.parse(event.data);
      } catch {
        return;
      }
      this.#tries = 0;
      this.#handlers.frame(frame);
    };
    socket.onclose = () => this.#lose(socket);
  }

  #lose(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    socket.close();
    this.#retry();
  }

  #retry(): void {
    this.#tries++;
    this.#turn("lost");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), delay(this.#tries, Math.random()));
  }

  #turn(state: Connection): void {
    if (this.state === state) return;
    this.state = state;
    this.#handlers.changed(state);
  }
}
