// The period of a report, as its address holds it and as the server is asked. Pure.
import { atHour, dayKey, type TimeContext } from "@/lib/time.ts";
import type { OutagesSearch, reportPeriods, SlaReportSearch } from "@/routes/search.ts";

export type Period = (typeof reportPeriods)[number];
export const results = ["kept", "missed", "open"] as const;
export type Result = (typeof results)[number] | "all";

export interface Bounds {
  from: string;
  to: string;
}

/** How many days before today a period of so many days begins: today is one of them. */
const daysBack: Record<Exclude<Period, "own">, number> = { today: 0, week: 6, month: 29 };

/** The dates of a period of one's own; the last thirty days until others are chosen. */
export function ownDates(search: SlaReportSearch, time: TimeContext): Bounds {
  const today = dayKey(time.now, time.timeZone);
  return { from: search.from ?? dayKey(atHour(-29, 12, time), time.timeZone), to: search.to ?? today };
}

/** From the midnight a period begins with to the midnight after its last day, by the reader's clock. Null: it ends before it begins. */
export function boundsOf(search: SlaReportSearch, time: TimeContext): Bounds | null {
  const period = search.period ?? "week";
  const midnight = (days: number) => atHour(days, 0, time).toISOString();
  if (period !== "own") return { from: midnight(-daysBack[period]), to: midnight(1) };
  const dates = ownDates(search, time);
  const [first, last] = [fromToday(dates.from, time), fromToday(dates.to, time)];
  if (!(first <= last)) return null;
  return { from: midnight(first), to: midnight(last + 1) };
}

/** How many days after today a date is. */
function fromToday(date: string, time: TimeContext): number {
  const today = Date.parse(`${dayKey(time.now, time.timeZone)}T00:00:00Z`);
  return Math.round((Date.parse(`${date}T00:00:00Z`) - today) / 86_400_000);
}

/** The same of a list that may be open at either end. */
export function outageBounds({ since, until }: OutagesSearch, time: TimeContext): Partial<Bounds> {
  const midnight = (date: string, days: number) =>
    atHour(fromToday(date, time) + days, 0, time).toISOString();
  return { from: since && midnight(since, 0), to: until && midnight(until, 1) };
}
