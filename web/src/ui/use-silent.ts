// Watching without being seen: a supervisor's switch, kept in this browser and the same in all its parts.
import { useSyncExternalStore } from "react";
import { readStored, writeStored } from "@/lib/storage.ts";

const key = "otklik.silent";
let silent: boolean | undefined;
const listeners = new Set<() => void>();

function current(): boolean {
  silent ??= readStored(key, false);
  return silent;
}

export function setSilent(next: boolean): void {
  silent = next;
  writeStored(key, next);
  for (const listener of listeners) listener();
}

export function useSilent(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}
