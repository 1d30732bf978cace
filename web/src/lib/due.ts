// How a promised time is told while it runs: its tone and its words. Pure.
import type { TFunction } from "i18next";
import type { Due, Locale } from "@/api/types.ts";

/** `calm`: more than a fifth of the time is left; `soon`: less; `late`: the promise is broken. */
export type Tone = "calm" | "soon" | "late";
export type Times = Pick<Due, "at" | "warn_at">;

export function dueTone({ at, warn_at }: Times, now: number): Tone {
  if (now >= Date.parse(at)) return "late";
  return now >= Date.parse(warn_at) ? "soon" : "calm";
}

/** So near to the deadline, before and after it, seconds are told. */
export const nearby = 120_000;

type Unit = "d" | "h" | "m" | "s";
export interface Span {
  late: boolean;
  parts: { unit: Unit; text: string }[];
}

const two = (count: number) => String(count).padStart(2, "0");

/** What is left, or how long it has been late: at most two parts, the second of hours and minutes with two digits. */
export function spanOf(at: string, now: number): Span {
  const left = Date.parse(at) - now;
  const seconds = Math.floor(Math.abs(left) / 1000);
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  const parts: Span["parts"] = [];
  if (days > 0) {
    parts.push({ unit: "d", text: String(days) });
    if (hours > 0) parts.push({ unit: "h", text: String(hours) });
  } else if (hours > 0) {
    parts.push({ unit: "h", text: String(hours) }, { unit: "m", text: two(minutes) });
  } else if (seconds * 1000 >= nearby) {
    parts.push({ unit: "m", text: String(minutes) });
  } else if (minutes > 0) {
    parts.push({ unit: "m", text: String(minutes) }, { unit: "s", text: two(seconds % 60) });
  } else {
    parts.push({ unit: "s", text: String(seconds) });
  }
  return { late: left <= 0, parts };
}

/** "2 ч 05 мин", "45 с", "−12 мин". */
export function dueWords(at: string, now: number, t: TFunction): string {
  const { late, parts } = spanOf(at, now);
  return (late ? "−" : "") + parts.map(({ unit, text }) => t(`sla:due.unit.${unit}`, { text })).join(" ");
}

/** How long until the shown words or tones may change: each second when something is near its deadline. */
export function tickDelay(deadlines: Iterable<number>, now: number): number {
  for (const at of deadlines) if (Math.abs(at - now) < nearby) return 1_000;
  return 15_000;
}

/** A length of counted time: "1 ч 30 мин", "72 ч". Days are not used: a day of work has no certain length. */
export function lengthWords(seconds: number, t: TFunction): string {
  const parts = [
    { unit: "h", count: Math.floor(seconds / 3600) },
    { unit: "m", count: Math.floor(seconds / 60) % 60 },
    { unit: "s", count: seconds % 60 },
  ].filter(({ count }) => count > 0);
  const shown = parts.length > 0 ? parts : [{ unit: "m", count: 0 }];
  return shown.map(({ unit, count }) => t(`sla:length.${unit}`, { count })).join(" ");
}

/** A length that was measured: from an hour on, seconds say nothing. */
export function measuredWords(seconds: number, t: TFunction): string {
  return lengthWords(seconds < 3600 ? seconds : Math.floor(seconds / 60) * 60, t);
}

/** A length by the clock on the wall, where a day is a day: "80 д 11 ч". */
export function elapsedWords(seconds: number, t: TFunction): string {
  if (seconds < 2 * 86_400) return measuredWords(seconds, t);
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24];
  const parts = [`${t("sla:due.unit.d", { text: days })}`];
  if (hours > 0) parts.push(t("sla:due.unit.h", { text: hours }));
  return parts.join(" ");
}

const formats = new Map<string, Intl.NumberFormat>();

/** 99.5 -> "99,5 %". */
export function percentWords(value: number, locale: Locale): string {
  const format = formats.get(locale) ?? new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  formats.set(locale, format);
  return locale === "ru" ? `${format.format(value)} %` : `${format.format(value)}%`;
}
