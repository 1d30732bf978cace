// Sums of distribution without a page: how much of an offer is left, how long somebody waits, which line needs a look first.
import type { LineNow, Offer } from "./types.ts";

/** Whole seconds until the offer is over, never below zero. */
export function secondsLeft(offer: Pick<Offer, "expires_at">, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(offer.expires_at) - now) / 1000));
}

/** What is left of the offer, 1 at the start and 0 at the end. */
export function partLeft(offer: Pick<Offer, "offered_at" | "expires_at">, now: number): number {
  const whole = Date.parse(offer.expires_at) - Date.parse(offer.offered_at);
  if (whole <= 0) return 0;
  return Math.min(1, Math.max(0, (Date.parse(offer.expires_at) - now) / whole));
}

/** A wait as a clock: `0:07`, `12:30`, `1:05:09`. */
export function wait(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** The line where somebody waits longest stands first; those without a queue by name. */
export function orderLines(lines: readonly LineNow[]): LineNow[] {
  return lines.toSorted(
    (a, b) =>
      (b.longest_wait_seconds ?? -1) - (a.longest_wait_seconds ?? -1) ||
      a.line.name.localeCompare(b.line.name),
  );
}
