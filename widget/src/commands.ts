// `window.Otklik(...)`: what a site may tell the widget, also before it has loaded.

import type { Page, SignedUser } from "./types.ts";

export type Listener = (detail: unknown) => void;

export interface Command {
  /** `home`, `chat` or `mail`: where to open; without it where it makes most sense. */
  open(where?: string): void;
  close(): void;
  identify(user: SignedUser): void;
  page(page?: Partial<Page>): void;
  logout(): void;
  on(event: string, listener: Listener): void;
}

type Call = [name: keyof Command, ...rest: unknown[]];

interface Entry {
  (...call: Call): void;
  /** Calls made before the script came, in order. */
  q?: ArrayLike<unknown>[];
  loaded?: boolean;
}

declare global {
  interface Window {
    Otklik?: Entry;
  }
}

/** Takes the name on `window`; calls wait until the returned function is given who carries them out. */
export function commands(): (run: Command) => void {
  const waiting: Call[] = (window.Otklik?.q ?? []).map((call) => [...Array.from(call)] as Call);
  let run: Command | null = null;
  const carryOut = ([name, ...rest]: Call) => {
    const command = run?.[name] as ((...rest: unknown[]) => void) | undefined;
    if (command) command(...rest);
    else console.warn(`Otklik: there is no command "${name}"`);
  };
  const entry: Entry = (...call) => {
    if (run) carryOut(call);
    else waiting.push(call);
  };
  entry.loaded = true;
  window.Otklik = entry;
  return (ready) => {
    run = ready;
    waiting.forEach(carryOut);
  };
}
