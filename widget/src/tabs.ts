// The other tabs of the same site: what one of them learns, all show; only one of them makes a sound.

import type { Message } from "./types.ts";

export type TabNews =
  | { type: "outbox" }
  | { type: "messages"; messages: Message[] }
  | { type: "seen" }
  | { type: "session" }
  | { type: "sound"; on: boolean }
  | { type: "sounded"; id: string };

export class Tabs {
  readonly #channel: BroadcastChannel | null;
  #sounded = "";

  readonly #name: string;

  constructor(name: string, heard: (news: TabNews) => void) {
    this.#name = name;
    this.#channel = window.BroadcastChannel ? new BroadcastChannel(name) : null;
    if (!this.#channel) return;
    this.#channel.onmessage = ({ data }: MessageEvent<TabNews>) => {
      if (data.type === "sounded") this.#sounded = data.id;
      else heard(data);
    };
  }

  tell(news: TabNews): void {
    this.#channel?.postMessage(news);
  }

  /** Runs `play` in one tab: the one being looked at, or else the one that is first. */
  async once(id: string, play: () => void): Promise<void> {
    const pause = document.visibilityState === "visible" ? 0 : 150 + Math.random() * 250;
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (this.#sounded === id) return;
    this.#sounded = id;
    this.tell({ type: "sounded", id });
    if (!locks()) return play();
    // Two tabs may get here in the same instant; a lock has one owner. It is kept until the slowest tab has asked.
    await locks()?.request(`${this.#name}:sound:${id}`, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      play();
      await new Promise((resolve) => setTimeout(resolve, 2000));
    });
  }

  /** One tab at a time. Where a browser has no locks, `client_id` alone keeps messages from doubling. */
  alone(what: string, work: () => Promise<void>): Promise<unknown> {
    return locks()?.request(`${this.#name}:${what}`, work) ?? work();
  }
}

function locks(): LockManager | undefined {
  return navigator.locks;
}
