// Actions that the page of the moment offers to the command palette.
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface PaletteAction {
  id: string;
  label: string;
  keys?: string;
  run: () => void;
}

let offered: readonly PaletteAction[] = [];
const listeners = new Set<() => void>();

function offer(next: readonly PaletteAction[]): void {
  offered = next;
  for (const listener of listeners) listener();
}

/** Offers these actions while the component is shown; `run` is always the latest one given. */
export function useOfferActions(actions: readonly PaletteAction[]): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const signature = actions.map((action) => `${action.id}|${action.label}`).join("\n");
  useEffect(() => {
    if (signature === "") return;
    const mine = latest.current.map((action) => ({
      ...action,
      run: () => latest.current.find((found) => found.id === action.id)?.run(),
    }));
    offer(mine);
    return () => {
      if (offered === mine) offer([]);
    };
  }, [signature]);
}

export function useOfferedActions(): readonly PaletteAction[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offered,
  );
}
