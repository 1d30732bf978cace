// What a history of statuses or activities adds up to. Pure.

export interface Span {
  key: string;
  from: string;
  /** Null: still. */
  until: string | null;
}
export interface Share {
  key: string;
  seconds: number;
}

/** How long each took between two moments, the longest first; what began before or still goes on is cut. */
export function shares(spans: readonly Span[], from: Date, to: Date): Share[] {
  const seconds = new Map<string, number>();
  for (const span of spans) {
    const start = Math.max(Date.parse(span.from), from.getTime());
    const end = Math.min(span.until ? Date.parse(span.until) : to.getTime(), to.getTime());
    if (end > start) seconds.set(span.key, (seconds.get(span.key) ?? 0) + (end - start) / 1000);
  }
  return [...seconds]
    .map(([key, value]) => ({ key, seconds: value }))
    .toSorted((a, b) => b.seconds - a.seconds || a.key.localeCompare(b.key));
}

/** Days, hours and minutes of a length, at most two of them and the greatest first; less than a minute is none. */
export function lengthParts(seconds: number): { unit: "d" | "h" | "m"; n: number }[] {
  const minutes = Math.floor(seconds / 60);
  const all = [
    { unit: "d" as const, n: Math.floor(minutes / 1440) },
    { unit: "h" as const, n: Math.floor(minutes / 60) % 24 },
    { unit: "m" as const, n: minutes % 60 },
  ];
  const first = all.findIndex(({ n }) => n > 0);
  return first < 0 ? [] : all.slice(first, first + 2).filter(({ n }) => n > 0);
}
