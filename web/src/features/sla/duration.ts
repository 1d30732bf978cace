// A length of time as people write it: a number and a unit. Pure.

/** The largest first. A day is 24 hours of counted time. */
export const durationUnits = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;
export type DurationUnit = keyof typeof durationUnits;

/** The largest unit of which there is a whole number. */
export function unitOf(seconds: number): DurationUnit {
  const units = Object.keys(durationUnits) as DurationUnit[];
  if (seconds === 0) return "h";
  return units.find((unit) => seconds % durationUnits[unit] === 0) ?? "s";
}

/** The unit that was chosen, as long as the length can be told in it; else the largest that fits. */
export function shownUnit(seconds: number, chosen: DurationUnit | null): DurationUnit {
  return chosen !== null && seconds % durationUnits[chosen] === 0 ? chosen : unitOf(seconds);
}

/** What is typed is a whole number of units; nothing typed is no length yet, which the server names. */
export function secondsOf(amount: number | string, unit: DurationUnit): number {
  const number = typeof amount === "number" ? amount : Number.parseInt(amount, 10);
  return Number.isFinite(number) && number > 0 ? Math.round(number) * durationUnits[unit] : 0;
}
