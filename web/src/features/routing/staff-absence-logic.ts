// Absences without a page: what is now, ahead and over, where a bar of the calendar stands, what a form holds. Pure.
import { dayKey } from "@/lib/time.ts";
import { dayAfter, fromWallClock, wallClock } from "@/lib/wall-clock.ts";
import type { Absence } from "./staff-queries.ts";

export type AbsenceTime = "now" | "ahead" | "over";

export function timeOf(absence: Pick<Absence, "from" | "until">, now: Date): AbsenceTime {
  if (Date.parse(absence.until) <= now.getTime()) return "over";
  return Date.parse(absence.from) <= now.getTime() ? "now" : "ahead";
}

/** Those of now, then those ahead, the nearest first; then those that are over, the last one first. */
export function groupAbsences(absences: readonly Absence[], now: Date): Record<AbsenceTime, Absence[]> {
  const groups: Record<AbsenceTime, Absence[]> = { now: [], ahead: [], over: [] };
  for (const absence of absences) groups[timeOf(absence, now)].push(absence);
  groups.now.sort((a, b) => a.until.localeCompare(b.until));
  groups.ahead.sort((a, b) => a.from.localeCompare(b.from));
  groups.over.sort((a, b) => b.until.localeCompare(a.until));
  return groups;
}

/** The last day of an absence: one that ends at midnight ends with the day before. */
export function lastDay(absence: Pick<Absence, "until">, zone: string): string {
  return dayKey(new Date(Date.parse(absence.until) - 1), zone);
}

/** True when it covers whole days by the clock of the zone. */
export function wholeDays(absence: Pick<Absence, "from" | "until">, zone: string): boolean {
  return [absence.from, absence.until].every((at) => wallClock(new Date(at), zone).endsWith("T00:00"));
}

/** Where its bar stands among `count` days from `first`: the first and the last of them, counted from 0; null outside. */
export function barOf(
  absence: Pick<Absence, "from" | "until">,
  first: string,
  count: number,
  zone: string,
): { from: number; to: number } | null {
  const place = (day: string) =>
    Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / 86_400_000);
  const from = place(dayKey(absence.from, zone));
  const to = place(lastDay(absence, zone));
  return to < 0 || from >= count ? null : { from: Math.max(0, from), to: Math.min(count - 1, to) };
}

export interface AbsenceValues {
  user_id: string;
  /** Whole days: "2026-12-30", the last one included; else moments: "2026-12-30T13:50". */
  days: boolean;
  from: string;
  until: string;
  reason: string;
  substitute_id: string;
}

export function newAbsence(today: string): AbsenceValues {
  return { user_id: "", days: true, from: today, until: today, reason: "", substitute_id: "" };
}

export function absenceValues(absence: Absence, zone: string): AbsenceValues {
  const days = wholeDays(absence, zone);
  return {
    user_id: absence.user.id,
    days,
    from: days ? dayKey(absence.from, zone) : wallClock(new Date(absence.from), zone),
    until: days ? lastDay(absence, zone) : wallClock(new Date(absence.until), zone),
    reason: absence.reason,
    substitute_id: absence.substitute?.id ?? "",
  };
}

/** The same times as whole days or as moments. */
export function asDays(values: AbsenceValues, days: boolean): AbsenceValues {
  if (days === values.days) return values;
  return days
    ? { ...values, days, from: values.from.slice(0, 10), until: values.until.slice(0, 10) }
    : {
        ...values,
        days,
        from: values.from && `${values.from}T09:00`,
        until: values.until && `${values.until}T18:00`,
      };
}

/** What the server takes; null for a time that is not there yet. */
export function absenceTimes(
  { days, from, until }: Pick<AbsenceValues, "days" | "from" | "until">,
  zone: string,
): { from: string | null; until: string | null } {
  const end = days && until ? dayAfter(until, 1) : until;
  return {
    from: fromWallClock(from, zone)?.toISOString() ?? null,
    until: fromWallClock(end, zone)?.toISOString() ?? null,
  };
}
