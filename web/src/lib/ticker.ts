// One timer for everything that counts down: each second while something is near its deadline, else now and then, never in a hidden tab.
import { tickDelay } from "./due.ts";

interface Deps {
  now: () => number;
  hidden: () => boolean;
  /** Runs `run` after `delay` ms and returns how to cancel it. */
  later: (run: () => void, delay: number) => () => void;
}

export class Ticker {
  readonly #deps: Deps;
  readonly #watched = new Map<() => void, number>();
  #now: number;
  #cancel: (() => void) | null = null;
  /** When the planned tick comes. */
  #next = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#now = deps.now();
  }

  /** The time of the last tick. */
  get now(): number {
    return this.#now;
  }

  /** Calls `listener` at each tick, until the answer is called. A deadline that comes near makes it tick faster. */
  watch(listener: () => void, deadline: number): () => void {
    if (this.#watched.size === 0) this.#now = this.#deps.now();
    this.#watched.set(listener, deadline);
    this.#plan();
    return () => {
      this.#watched.delete(listener);
      if (this.#watched.size === 0) this.#stop();
    };
  }

  /** The tab was hidden or shown. */
  turn(): void {
    if (this.#deps.hidden()) this.#stop();
    else if (this.#watched.size > 0) this.#tick();
  }

  #tick(): void {
    this.#stop();
    this.#now = this.#deps.now();
    for (const listener of [...this.#watched.keys()]) listener();
    this.#plan();
  }

  /** A tick that comes soon enough stays as it is: rows that come and go while a list is scrolled put nothing off. */
  #plan(): void {
    if (this.#watched.size === 0 || this.#deps.hidden()) {
      this.#stop();
      return;
    }
    const delay = tickDelay(this.#watched.values(), this.#deps.now());
    const next = this.#deps.now() + delay;
    if (this.#cancel && this.#next <= next) return;
    this.#stop();
    this.#next = next;
    this.#cancel = this.#deps.later(() => this.#tick(), delay);
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}

export const ticker = new Ticker({
  now: Date.now,
  hidden: () => typeof document !== "undefined" && document.hidden,
  later: (run, delay) => {
    const timer = setTimeout(run, delay);
    return () => clearTimeout(timer);
  },
});

if (typeof document !== "undefined") document.addEventListener("visibilitychange", () => ticker.turn());
