// What every part of the interface may need.

import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import type { Chat, State } from "../chat.ts";
import type { Shell, ShellState } from "../shell.ts";
import type { Store } from "../store.ts";
import type { Translate } from "../texts.ts";
import type { Language } from "../types.ts";

export interface Surroundings {
  chat: Chat;
  shell: Shell;
  language: Language;
  t: Translate;
  /** Addresses of files are relative to this one. */
  host: string;
}

export const Context = createContext<Surroundings | null>(null);

export function useSurroundings(): Surroundings {
  const surroundings = useContext(Context);
  if (!surroundings) throw new Error("outside the widget");
  return surroundings;
}

function useStore<S extends object>(store: Store<S>): S {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => store.subscribe(() => redraw(undefined as never)), [store]);
  return store.state;
}

export function useChat(): State {
  return useStore<State>(useSurroundings().chat);
}

export function useShell(): ShellState {
  return useStore<ShellState>(useSurroundings().shell);
}
