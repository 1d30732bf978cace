// When a ticket that waits is to come back: the moments that are offered, and how such a moment is told. Pure.
import { atHour, clock, daysFromNow, longTime, type TimeContext } from "@/lib/time.ts";

export interface WaitingPreset {
  key: "hour" | "evening" | "tomorrow";
  at: Date;
}

/** Only those that still lie ahead, in the person's own zone. */
export function waitingPresets(context: TimeContext): WaitingPreset[] {
  const { now } = context;
  const presets: WaitingPreset[] = [
    { key: "hour", at: new Date(now.getTime() + 3_600_000) },
    { key: "evening", at: atHour(0, 18, context) },
    { key: "tomorrow", at: atHour(1, 9, context) },
  ];
  return presets.filter(({ at }) => at > now);
}

/** After "until": "16:00" today, else "завтра, 09:00" or "30 дек., 13:50". */
export function untilWords(until: string, context: TimeContext): string {
  return daysFromNow(until, context) === 0 ? clock(until, context) : longTime(until, context);
}
