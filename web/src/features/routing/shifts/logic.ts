// Months, hours and days of shifts without a page. Pure.
import type { Locale } from "@/api/types.ts";
import { clock } from "@/lib/time.ts";
import { dayAfter } from "@/lib/wall-clock.ts";
import type { PlanDay, ShiftColor, ShiftHours } from "./queries.ts";

export const colors: ShiftColor[] = [
  "iris",
  "blue",
  "teal",
  "green",
  "amber",
  "orange",
  "red",
  "pink",
  "gray",
];

const tag = (locale: Locale) => (locale === "ru" ? "ru-RU" : "en-GB");

// A month has many cells, and making a formatter takes longer than using it.
const made = new Map<string, Intl.DateTimeFormat>();
function format(day: string, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${JSON.stringify(options)}`;
  const found = made.get(key) ?? new Intl.DateTimeFormat(tag(locale), { ...options, timeZone: "UTC" });
  made.set(key, found);
  return found.format(noon(day));
}
const noon = (day: string) => new Date(`${day}T12:00:00Z`);

/** "2026-11" of "2026-11-30". */
export const monthOf = (day: string) => day.slice(0, 7);

/** The month so many months after this one. */
export function monthAfter(month: string, count: number): string {
  const [year = 2000, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

export function monthDays(month: string): string[] {
  const first = `${month}-01`;
  const next = `${monthAfter(month, 1)}-01`;
  const count = Math.round((Date.parse(next) - Date.parse(first)) / 86_400_000);
  return Array.from({ length: count }, (_, index) => dayAfter(first, index));
}

/** "Ноябрь 2026". */
export function monthTitle(month: string, locale: Locale): string {
  const name = format(`${month}-01`, locale, { month: "long" });
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${month.slice(0, 4)}`;
}

/** 0 is Monday. */
export const weekdayOf = (day: string) => (noon(day).getUTCDay() + 6) % 7;

/** "пн", "Mon". */
export const weekdayName = (day: string, locale: Locale) => format(day, locale, { weekday: "short" });

/** "понедельник, 30 ноября". */
export const dayName = (day: string, locale: Locale) =>
  format(day, locale, { weekday: "long", day: "numeric", month: "long" });

/** "30 ноя. 2026 г.", "30 Nov 2026". */
export const dateName = (day: string, locale: Locale) => format(day, locale, { dateStyle: "medium" });

const numbers = {
  ru: new Intl.NumberFormat("ru-RU", { maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 }),
} satisfies Record<Locale, Intl.NumberFormat>;

/** "7,5". */
export const hoursOf = (minutes: number, locale: Locale) => numbers[locale].format(minutes / 60);

/** "9" or "8:30": as short as a cell of a month is. */
export function tightClock(at: string, timeZone: string): string {
  const text = clock(at, { locale: "ru", timeZone, now: new Date(0) }).replace(/^0/, "");
  return text.endsWith(":00") ? text.slice(0, -3) : text;
}

const minutesOf = (text: string) => {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(":").map(Number);
  return hours * 60 + minutes;
};
const two = (number: number) => String(number).padStart(2, "0");

/** When a shift ends by the clock: "21:00". */
export function endOf({ from, minutes }: Pick<ShiftHours, "from" | "minutes">): string {
  const end = (minutesOf(from) + minutes) % 1440;
  return `${two(Math.floor(end / 60))}:${two(end % 60)}`;
}

/** How long it is from one time of the clock to another; the same time is a whole day. Null for what is no time. */
export function minutesBetween(from: string, to: string): number | null {
  const length = (minutesOf(to) - minutesOf(from) + 1440) % 1440;
  return Number.isNaN(length) ? null : length || 1440;
}

/** Minutes of work: without the breaks. */
export const workMinutes = (hours: ShiftHours) =>
  hours.minutes - (hours.breaks ?? []).reduce((sum, pause) => sum + pause.minutes, 0);

/** The parts of a day that a shift takes, in shares of it; one over midnight has two. */
export function shiftParts({
  from,
  minutes,
}: Pick<ShiftHours, "from" | "minutes">): { left: number; width: number }[] {
  const begin = minutesOf(from);
  const parts = [{ left: begin, width: Math.min(minutes, 1440 - begin) }];
  if (begin + minutes > 1440) parts.push({ left: 0, width: begin + minutes - 1440 });
  return parts.map(({ left, width }) => ({ left: left / 1440, width: width / 1440 }));
}

export type DayState = "missed" | "late" | "early" | "worked" | "none";

/** Less than this is not worth a colour. */
const grace = 5;

/** What is to be said of a day that has been. */
export function stateOf(day: PlanDay): DayState {
  const { fact } = day;
  if (!fact) return "none";
  if (fact.missed) return "missed";
  if (fact.late_minutes >= grace) return "late";
  if (fact.early_minutes >= grace) return "early";
  return fact.minutes > 0 ? "worked" : "none";
}

/** Cycles people know by name: `null` is a day off, a number the place of a shift among those that are chosen. */
export const cycles = {
  "2/2": [0, 0, null, null],
  "3/1": [0, 0, 0, null],
  "3/3": [0, 0, 0, null, null, null],
  "1/3": [0, null, null, null],
  dayNight: [0, 1, null, null],
} as const satisfies Record<string, (number | null)[]>;
export type CycleName = keyof typeof cycles;
