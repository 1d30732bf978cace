// How this person sends, kept in this browser: by which key, and in which channels to ask first.
import { useSyncExternalStore } from "react";
import type { ChannelKindName } from "@/api/types.ts";
import { readStored, writeStored } from "@/lib/storage.ts";

export interface SendSettings {
  /** Enter sends in chats; else Ctrl+Enter, as in letters. */
  enterSends: boolean;
  /** Channels in which to ask before sending. */
  confirm: ChannelKindName[];
}

const key = "otklik.send";
let settings: SendSettings = {
  enterSends: false,
  confirm: [],
  ...readStored<Partial<SendSettings>>(key, {}),
};
const listeners = new Set<() => void>();

export function changeSendSettings(change: Partial<SendSettings>): void {
  settings = { ...settings, ...change };
  writeStored(key, settings);
  for (const listener of listeners) listener();
}

export function useSendSettings(): SendSettings {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => settings,
  );
}
