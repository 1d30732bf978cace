// A schedule's week in words. Pure.
import type { ScheduleDefinition, ScheduleWeekday } from "@/api/types.ts";

export const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const satisfies ScheduleWeekday[];

/** "Пн–Пт 09:00–13:00, 14:00–18:00; Сб 10:00–14:00"; empty for a week without hours. */
export function weekInWords(
  { weekly }: Pick<ScheduleDefinition, "weekly">,
  nameOf: (day: ScheduleWeekday) => string,
): string {
  const hours = days.map((day) => {
    const intervals = weekly.find((each) => each.day === day)?.intervals ?? [];
    return intervals.map(({ from, to }) => `${from}–${to}`).join(", ");
  });
  const parts: string[] = [];
  for (let first = 0; first < 7; first += 1) {
    let last = first;
    while (last < 6 && hours[last + 1] === hours[first]) last += 1;
    const [one, other] = [days[first], days[last]];
    if (hours[first] && one && other) {
      const named = first === last ? nameOf(one) : `${nameOf(one)}–${nameOf(other)}`;
      parts.push(`${named} ${hours[first]}`);
    }
    first = last;
  }
  return parts.join("; ");
}
