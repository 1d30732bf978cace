// Moments as date fields hold them: what the wall clock of a zone shows, "2026-12-30T13:50", and back. Pure.

/** What the wall clock of the zone shows at this moment. */
export function wallClock(at: Date, timeZone: string): string {
  const options = { dateStyle: "short", timeStyle: "short", timeZone } as const;
  // The Swedish form is that of a field, with a space.
  return new Intl.DateTimeFormat("sv-SE", options).format(at).replace(" ", "T");
}

/** The moment at which the wall clock of the zone shows this; a day alone begins at midnight. Null for what is no time. */
export function fromWallClock(text: string, timeZone: string): Date | null {
  const [, day, clock = "00:00"] = text.match(/^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?$/) ?? [];
  const wanted = Date.parse(`${day}T${clock}:00Z`);
  if (Number.isNaN(wanted)) return null;
  let at = wanted;
  // The first step finds the offset, the second one corrects it near a change of the clocks.
  for (let step = 0; step < 2; step += 1) {
    at -= Date.parse(`${wallClock(new Date(at), timeZone)}:00Z`) - wanted;
  }
  return new Date(at);
}

/** The day so many days after this one: "2026-12-31" and 1 is "2027-01-01". */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
