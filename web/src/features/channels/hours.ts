// A week of working hours as the editor holds it. Pure.

export const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof days)[number];
export type Span = [from: string, to: string];
export type Hours = { time_zone: string } & Partial<Record<Day, Span[]>>;

/** Monday to Friday, nine to six. */
export function usualWeek(time_zone: string): Hours {
  const week: Hours = { time_zone };
  for (const day of days.slice(0, 5)) week[day] = [["09:00", "18:00"]];
  return week;
}

const minute = (text: string): number | null => {
  const found = /^(\d{2}):(\d{2})$/.exec(text);
  if (!found) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2])];
  return hours * 60 + minutes <= 24 * 60 && minutes < 60 ? hours * 60 + minutes : null;
};

/** A span ends after it begins, within one day. */
export function isSpan([from, to]: Span): boolean {
  const [begin, end] = [minute(from), minute(to)];
  return begin !== null && end !== null && begin < end;
}

/** The same hours on every day that has any. */
export function spread(hours: Hours, from: Day): Hours {
  const spans = hours[from] ?? [];
  const next: Hours = { ...hours };
  for (const day of days) if ((hours[day] ?? []).length > 0) next[day] = spans.map((span) => [...span]);
  return next;
}
