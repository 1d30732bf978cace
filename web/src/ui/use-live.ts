// Hooks on the live connection.
import { useEffect, useRef, useSyncExternalStore } from "react";
import { type LiveEvent, type LiveStatus, live } from "@/api/live.ts";

const subscribeStatus = (listener: () => void) => live.onStatus(listener);

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(subscribeStatus, () => live.status);
}

/** Calls `listener` for each event of one of these kinds, and `onReset` when everything must be fetched again. */
export function useLiveEvents(
  kinds: readonly string[],
  listener: (event: LiveEvent) => void,
  onReset?: () => void,
): void {
  const latest = useRef({ kinds, listener, onReset });
  useEffect(() => {
    latest.current = { kinds, listener, onReset };
  });
  useEffect(() => {
    const stopEvents = live.onEvent((event) => {
      if (latest.current.kinds.includes(event.kind)) latest.current.listener(event);
    });
    const stopResets = live.onReset(() => latest.current.onReset?.());
    return () => {
      stopEvents();
      stopResets();
    };
  }, []);
}
