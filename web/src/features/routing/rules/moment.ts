// A moment by the clock of a place, as a field for a date and time holds it, and back. Pure.
import { zoneOffset } from "@/lib/time-zones.ts";

/** "2026-12-30T13:50" as the clock of the zone shows it. */
export function clockIn(zone: string, at: Date): string {
  const minutes = zoneOffset(zone, at) ?? 0;
  return new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, 16);
}

/** The moment when the clock of the zone shows this; null when nothing readable is there. */
export function momentOf(zone: string, clock: string): string | null {
  const naive = Date.parse(`${clock}Z`);
  if (Number.isNaN(naive)) return null;
  // The offset is that of the moment, which is known only by the offset: near a change of clocks the second look is right.
  const guess = naive - (zoneOffset(zone, new Date(naive)) ?? 0) * 60_000;
  const better = naive - (zoneOffset(zone, new Date(guess)) ?? 0) * 60_000;
  return new Date(better).toISOString();
}
