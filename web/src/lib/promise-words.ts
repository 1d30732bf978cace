// What a promise on a conversation or a ticket says about itself: its state, its log, its time by days. Pure.
import type { TFunction } from "i18next";
import type { SlaClock, SlaClockEntry, SlaSegment } from "@/api/types.ts";
import { lengthWords } from "./due.ts";
import { dayKey } from "./time.ts";

/** How it stands: `late` is broken and still to be kept. */
export type Standing = "running" | "late" | "paused" | "kept" | "broken" | "dropped";

export function standingOf({ state, missed_at }: Pick<SlaClock, "state" | "missed_at">): Standing {
  if (state === "done") return missed_at ? "broken" : "kept";
  if (state === "running") return missed_at ? "late" : "running";
  return state;
}

export function standingWords(
  clock: Pick<SlaClock, "state" | "missed_at" | "paused_for">,
  t: TFunction,
): string {
  const words = t(`sla:standing.${standingOf(clock)}`);
  const why = clock.state === "paused" && reasonWords(clock.paused_for, t);
  return why ? `${words}: ${why}` : words;
}

/** "клиент написал"; nothing for what these pages do not know yet. */
function reasonWords(reason: string | null | undefined, t: TFunction): string {
  return reason ? t(`sla:log.reason.${reason}`, { defaultValue: "" }) : "";
}

/** "Время пошло: клиент написал". */
export function logWords({ what, reason, step, target_seconds }: SlaClockEntry, t: TFunction): string {
  const words = t(`sla:log.what.${what}`, {
    number: (step ?? 0) + 1,
    time: lengthWords(target_seconds ?? 0, t),
  });
  const why = reasonWords(reason, t);
  return why ? `${words}: ${why}` : words;
}

/** How much of its promised time has counted, 0 to 100. */
export function countedPercent({ counted_seconds, target_seconds }: SlaClock): number {
  return Math.min(100, Math.round((counted_seconds / target_seconds) * 100));
}

export interface Day {
  /** "2026-12-30": when it begins, by the reader's clock. */
  key: string;
  pieces: SlaSegment[];
}

/** The pieces of a clock's time by days; what did not count for one and the same reason is one piece, even over days. */
export function byDays(segments: readonly SlaSegment[], timeZone: string): Day[] {
  const joined: SlaSegment[] = [];
  for (const piece of segments) {
    const last = joined.at(-1);
    const same = last && last.reason === piece.reason && last.name === piece.name;
    if (same && last.counted_seconds === 0 && piece.counted_seconds === 0) {
      joined[joined.length - 1] = { ...last, to: piece.to };
    } else joined.push(piece);
  }
  const days: Day[] = [];
  for (const piece of joined) {
    const key = dayKey(piece.from, timeZone);
    const day = days.at(-1);
    if (day?.key === key) day.pieces.push(piece);
    else days.push({ key, pieces: [piece] });
  }
  return days;
}
