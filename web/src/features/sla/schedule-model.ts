// A schedule as the editor holds it, and how it is said in words. Pure.
import type {
  Locale,
  Schedule,
  ScheduleDefinition,
  ScheduleInterval,
  SchedulePreviewRequest,
  ScheduleWeekday,
} from "@/api/types.ts";
import { days } from "@/lib/week-words.ts";

/** Every part is there, and the week has all its days in order: a day's place in it is its place in complaints. */
export type Edited = Required<ScheduleDefinition>;
export type Question = SchedulePreviewRequest;

export interface ScheduleValues {
  name: string;
  definition: Edited;
}

/** Complaints by the path of the field inside the schedule: "weekly[2].intervals[0].to". */
export type Faults = Record<string, string>;

export function edited(definition: ScheduleDefinition): Edited {
  const hours = (day: ScheduleWeekday) => definition.weekly.find((each) => each.day === day)?.intervals ?? [];
  return {
    time_zone: definition.time_zone,
    weekly: days.map((day) => ({ day, intervals: hours(day) })),
    exceptions: definition.exceptions ?? [],
    production_calendar: definition.production_calendar ?? null,
    days: definition.days ?? [],
  };
}

export function scheduleValues({ name, definition }: Pick<Schedule, "name" | "definition">): ScheduleValues {
  return { name, definition: edited(definition) };
}

export const presets = ["office", "always", "nights"] as const;
export type Preset = (typeof presets)[number];

const hoursOf: Record<Preset, { days: number; intervals: ScheduleInterval[] }> = {
  office: {
    days: 5,
    intervals: [
      { from: "09:00", to: "13:00" },
      { from: "14:00", to: "18:00" },
    ],
  },
  always: { days: 7, intervals: [{ from: "00:00", to: "24:00" }] },
  nights: { days: 7, intervals: [{ from: "21:00", to: "09:00" }] },
};

export function presetWeek(preset: Preset): Edited["weekly"] {
  const { days: count, intervals } = hoursOf[preset];
  return days.map((day, index) => ({ day, intervals: index < count ? intervals : [] }));
}

/** Monday to Friday, nine to six with a lunch, by the production calendar. */
export function startingDefinition(time_zone: string): Edited {
  const weekly = presetWeek("office");
  return { time_zone, weekly, exceptions: [], production_calendar: "ru", days: [] };
}

/** What to offer after these hours: two hours, an hour later. */
export function nextInterval(intervals: ScheduleInterval[]): ScheduleInterval {
  const last = intervals.at(-1);
  if (!last) return { from: "09:00", to: "18:00" };
  const hour = Number(last.to.slice(0, 2));
  const clock = (hours: number) => `${String(hours).padStart(2, "0")}:00`;
  return hour <= 20 ? { from: clock(hour + 1), to: clock(hour + 3) } : { from: "00:00", to: "02:00" };
}

/** Where times cannot be read, by path. Found here, so that a time half typed is no question to the server. */
export function unreadableTimes({ weekly, exceptions }: Edited): string[] {
  const found: string[] = [];
  const look = (at: string, intervals: ScheduleInterval[]) => {
    for (const [index, { from, to }] of intervals.entries()) {
      if (!isTime(from) || /^24/.test(from)) found.push(`${at}.intervals[${index}].from`);
      if (!isTime(to)) found.push(`${at}.intervals[${index}].to`);
    }
  };
  for (const [index, day] of weekly.entries()) look(`weekly[${index}]`, day.intervals);
  for (const [index, day] of exceptions.entries()) look(`exceptions[${index}]`, day.intervals);
  return found;
}

function isTime(text: string): boolean {
  return /^(([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?|24:00(:00)?)$/.test(text);
}

/** The complaints about a schedule among those about a whole request. */
export function faultsOf(fields: Record<string, string>, prefix: string): Faults {
  const own = Object.entries(fields).filter(([field]) => field.startsWith(prefix));
  return Object.fromEntries(own.map(([field, text]) => [field.slice(prefix.length), text]));
}

const tag = (locale: Locale) => (locale === "ru" ? "ru-RU" : "en-GB");

/** "пн, 11 янв. 2027 г., 09:50" by the clock of the schedule. */
export function shownMoment(at: string, locale: Locale, timeZone: string): string {
  const options: Intl.DateTimeFormatOptions = {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    ...(new Date(at).getUTCSeconds() === 0 ? {} : { second: "2-digit" }),
  };
  return new Intl.DateTimeFormat(tag(locale), { ...options, timeZone }).format(new Date(at));
}

/** "2026-12-30T13:50" as the schedule's clock shows this moment; what a field for a date and time holds. */
export function localInput(at: Date, timeZone: string): string {
  const options = { dateStyle: "short", timeStyle: "short", timeZone } as const;
  // The Swedish form is that of a field, with a space.
  return new Intl.DateTimeFormat("sv-SE", options).format(at).replace(" ", "T");
}

export const units = { minutes: 60, hours: 3600 } as const;
export type Unit = keyof typeof units;

/** Hours, minutes and seconds of a length; parts that are nothing are left out. */
export function lengthParts(seconds: number): { unit: "h" | "m" | "s"; count: number }[] {
  const parts = [
    { unit: "h" as const, count: Math.floor(seconds / 3600) },
    { unit: "m" as const, count: Math.floor(seconds / 60) % 60 },
    { unit: "s" as const, count: seconds % 60 },
  ].filter(({ count }) => count > 0);
  return parts.length > 0 ? parts : [{ unit: "m", count: 0 }];
}

/** What is asked in the panel beside the editor. */
export interface Asked {
  /** By the schedule's clock, as a field for a date and time holds it. */
  start: string;
  kind: "norm" | "end";
  amount: number;
  unit: Unit;
  end: string;
}

export function questionOf(schedule: Edited, { start, kind, amount, unit, end }: Asked): Question {
  return kind === "norm"
    ? { schedule, start, duration_seconds: amount * units[unit] }
    : { schedule, start, end };
}
