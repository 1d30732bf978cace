// Times as people read them: near ones relative ("5 мин назад"), far ones as dates ("30 дек., 13:50").
// Pure: the language, the zone and "now" are arguments; `useTime` in ui/time.tsx supplies them.
import type { Locale } from "@/api/types.ts";

export interface TimeContext {
  locale: Locale;
  timeZone: string;
  now: Date;
}

const cache = new Map<string, Intl.DateTimeFormat>();
function format(context: TimeContext, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${context.locale}|${context.timeZone}|${JSON.stringify(options)}`;
  let found = cache.get(key);
  if (!found) {
    const tag = context.locale === "ru" ? "ru-RU" : "en-GB";
    try {
      found = new Intl.DateTimeFormat(tag, { ...options, timeZone: context.timeZone });
    } catch {
      found = new Intl.DateTimeFormat(tag, options);
    }
    cache.set(key, found);
  }
  return found;
}

/** Calendar day in the zone, as "2026-11-21": equal strings are the same day. */
export function dayKey(time: Date | string | number, timeZone: string): string {
  const context: TimeContext = { locale: "en", timeZone, now: new Date(0) };
  const parts = format(context, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(
    new Date(time),
  );
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

function dayNumber(time: Date | string, timeZone: string): number {
  return Math.round(Date.parse(`${dayKey(time, timeZone)}T00:00:00Z`) / 86_400_000);
}

/** Whole calendar days from now to the time in the zone: -1 is yesterday, 1 tomorrow. */
export function daysFromNow(time: Date | string, context: TimeContext): number {
  return dayNumber(time, context.timeZone) - dayNumber(context.now, context.timeZone);
}

function sameYear(time: Date, context: TimeContext): boolean {
  return dayKey(time, context.timeZone).slice(0, 4) === dayKey(context.now, context.timeZone).slice(0, 4);
}

export function clock(time: Date | string, context: TimeContext): string {
  return format(context, { hour: "2-digit", minute: "2-digit" }).format(new Date(time));
}

function dayAndMonth(time: Date, context: TimeContext): string {
  return format(context, { day: "numeric", month: "short" }).format(time);
}

function withYear(time: Date, context: TimeContext): string {
  return format(context, { day: "2-digit", month: "2-digit", year: "numeric" }).format(time);
}

function relative(
  value: number,
  unit: Intl.RelativeTimeFormatUnit,
  context: TimeContext,
  style: "narrow" | "short" | "long",
): string {
  return new Intl.RelativeTimeFormat(context.locale, { numeric: "auto", style }).format(value, unit);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** For the corner of a row, at most about seven characters: "сейчас", "5 мин", "13:50", "вчера", "30 дек.", "30.12.2025". */
export function shortTime(value: Date | string, context: TimeContext): string {
  const time = new Date(value);
  const minutes = Math.floor((context.now.getTime() - time.getTime()) / 60_000);
  if (minutes > -2 && minutes < 1) return context.locale === "ru" ? "сейчас" : "now";
  if (minutes >= 1 && minutes < 60) return context.locale === "ru" ? `${minutes} мин` : `${minutes} min`;
  const days = daysFromNow(time, context);
  if (days === 0) return clock(time, context);
  if (days === -1 || days === 1) return relative(days, "day", context, "long");
  return sameYear(time, context) ? dayAndMonth(time, context) : withYear(time, context);
}

/** In a sentence: "только что", "5 мин назад", "сегодня, 13:50", "вчера, 13:50", "30 дек., 13:50", "30.12.2025, 13:50". */
export function longTime(value: Date | string, context: TimeContext): string {
  const time = new Date(value);
  const minutes = Math.floor((context.now.getTime() - time.getTime()) / 60_000);
  if (minutes > -2 && minutes < 1) return context.locale === "ru" ? "только что" : "just now";
  if (minutes >= 1 && minutes < 60)
    return context.locale === "ru" ? `${minutes} мин назад` : `${minutes} min ago`;
  const days = daysFromNow(time, context);
  if (days >= -1 && days <= 1) return `${relative(days, "day", context, "long")}, ${clock(time, context)}`;
  const date = sameYear(time, context) ? dayAndMonth(time, context) : withYear(time, context);
  return `${date}, ${clock(time, context)}`;
}

/** The exact moment, for tooltips: "21 ноября 2026 г. в 13:50:07". */
export function exactTime(value: Date | string, context: TimeContext): string {
  return format(context, { dateStyle: "long", timeStyle: "medium" }).format(new Date(value));
}

/** The line between days: "Сегодня", "Вчера", "Понедельник, 16 ноября", "30 декабря 2025 г.". */
export function dayTitle(value: Date | string, context: TimeContext): string {
  const time = new Date(value);
  const days = daysFromNow(time, context);
  if (days === 0 || days === -1) return capital(relative(days, "day", context, "long"));
  if (!sameYear(time, context)) {
    return format(context, { day: "numeric", month: "long", year: "numeric" }).format(time);
  }
  return capital(format(context, { weekday: "long", day: "numeric", month: "long" }).format(time));
}

/** The wall clock somewhere else, with the difference to ours in hours: {clock: "16:50", offset: 3}. Null for an unknown zone. */
export function localClock(theirs: string, context: TimeContext): { clock: string; offset: number } | null {
  try {
    const offset = (zoneOffset(theirs, context.now) - zoneOffset(context.timeZone, context.now)) / 60;
    return { clock: clock(context.now, { ...context, timeZone: theirs }), offset };
  } catch {
    return null;
  }
}

function zoneOffset(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((found) => found.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
  return Math.round((wall - at.getTime()) / 60_000);
}

/** The moment at which the wall clock of the zone shows this hour, `days` days from now. */
export function atHour(days: number, hour: number, context: TimeContext): Date {
  const [year, month, day] = dayKey(context.now, context.timeZone).split("-").map(Number) as [
    number,
    number,
    number,
  ];
  const wall = Date.UTC(year, month - 1, day + days, hour);
  const guess = new Date(wall - zoneOffset(context.timeZone, new Date(wall)) * 60_000);
  return new Date(wall - zoneOffset(context.timeZone, guess) * 60_000);
}

/** Day of the week in the zone, 1 = Monday .. 7 = Sunday. */
export function weekday(context: TimeContext): number {
  return new Date(`${dayKey(context.now, context.timeZone)}T00:00:00Z`).getUTCDay() || 7;
}

/** "11 янв., 09:50" for a list of pieces. */
export function shortMoment(at: string, locale: Locale, timeZone: string): string {
  const options = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat(locale === "ru" ? "ru-RU" : "en-GB", { ...options, timeZone }).format(
    new Date(at),
  );
}
