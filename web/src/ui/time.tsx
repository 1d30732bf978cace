// Times on the page: one ticking clock for all of them, the signed-in person's language and zone.
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { clock, exactTime, longTime, shortTime, type TimeContext } from "@/lib/time.ts";

const listeners = new Set<() => void>();
let now = new Date();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) now = new Date();
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = new Date();
    for (const each of listeners) each();
  }, 20_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Time that moves every twenty seconds. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now);
}

const ZoneContext = createContext(Intl.DateTimeFormat().resolvedOptions().timeZone);

export function ZoneProvider({ zone, children }: { zone: string; children: ReactNode }) {
  return <ZoneContext value={zone}>{children}</ZoneContext>;
}

export function useTime(): TimeContext {
  const at = useNow();
  const timeZone = useContext(ZoneContext);
  const { i18n } = useTranslation();
  const locale = i18n.language === "en" ? "en" : "ru";
  return useMemo(() => ({ locale, timeZone, now: at }), [locale, timeZone, at]);
}

/** A moment: short in a row's corner, long in sentences; the exact time on hover. */
export function Moment({ at, long = false, className }: { at: string; long?: boolean; className?: string }) {
  const context = useTime();
  return (
    <time dateTime={at} title={exactTime(at, context)} className={`tnum ${className ?? ""}`}>
      {long ? longTime(at, context) : shortTime(at, context)}
    </time>
  );
}

/** The time of day only, for places where the day is known. */
export function Clock({ at, className }: { at: string; className?: string }) {
  const context = useTime();
  return (
    <time dateTime={at} title={exactTime(at, context)} className={`tnum ${className ?? ""}`}>
      {clock(at, context)}
    </time>
  );
}
