// Keeps a page of figures fresh: live events come in showers, so it is fetched again at most once a second.
import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { type LiveEvent, live } from "@/api/live.ts";

const pause = 1000;

interface Options {
  /** While it says so nothing is fetched; whoever is busy fetches when he is done. */
  busy?: () => boolean;
  /** Whether an event may have changed what is shown. */
  concerns?: (event: LiveEvent) => boolean;
}

export function useFollowed(queryKey: QueryKey, options: Options = {}): void {
  const client = useQueryClient();
  const latest = useRef({ queryKey, ...options });
  useEffect(() => {
    latest.current = { queryKey, ...options };
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        if (!latest.current.busy?.()) void client.invalidateQueries({ queryKey: latest.current.queryKey });
      }, pause);
    };
    const hear = (event: LiveEvent) => {
      if (latest.current.concerns?.(event) !== false) refresh();
    };
    const stops = [live.onEvent(hear), live.onReset(refresh)];
    return () => {
      for (const stop of stops) stop();
      clearTimeout(timer);
    };
  }, [client]);
}
