// A day of somebody in words: for tooltips, for screen readers, for lists.
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { clock } from "@/lib/time.ts";
import { useTime } from "@/ui/time.tsx";
import { dayName, hoursOf } from "./logic.ts";
import type { PlanDay, Shift } from "./queries.ts";

export function useDayWords(shifts: ReadonlyMap<Id, Shift>) {
  const { t } = useTranslation();
  const time = useTime();
  const hours = (minutes: number) => t("shifts:day.hours", { hours: hoursOf(minutes, time.locale) });

  /** "День, 09:00–18:00, 8 ч"; empty when nothing is planned. */
  const planned = (day: PlanDay): string => {
    const name = day.shift_id ? shifts.get(day.shift_id)?.name : undefined;
    if (day.starts_at && day.ends_at) {
      return [name, `${clock(day.starts_at, time)}–${clock(day.ends_at, time)}`, hours(day.minutes)]
        .filter(Boolean)
        .join(", ");
    }
    if (day.holiday) return t("shifts:day.holiday");
    return name ?? (day.changed ? t("shifts:day.off") : "");
  };

  /** "На работе 09:12–18:00, 7,8 ч"; empty when he was not. */
  const worked = (day: PlanDay): string => {
    const { fact } = day;
    if (!fact) return "";
    if (fact.missed && fact.minutes === 0) return t("shifts:day.missed");
    if (!fact.first_at) return "";
    const until = fact.last_at ? clock(fact.last_at, time) : t("shifts:day.now");
    return t("shifts:day.worked", {
      span: `${clock(fact.first_at, time)}–${until}`,
      hours: hoursOf(fact.minutes, time.locale),
    });
  };

  /** What was amiss. */
  const amiss = (day: PlanDay): string[] => {
    const { fact } = day;
    if (!fact || fact.missed) return [];
    return [
      fact.late_minutes > 0 ? t("shifts:day.late", { count: fact.late_minutes }) : "",
      fact.early_minutes > 0 ? t("shifts:day.early", { count: fact.early_minutes }) : "",
    ].filter(Boolean);
  };

  const absent = (day: PlanDay): string =>
    day.absence === undefined || day.absence === null ? "" : day.absence || t("shifts:day.absent");

  const lines = (day: PlanDay): string[] =>
    [
      absent(day),
      planned(day),
      day.short ? t("shifts:day.short") : "",
      day.changed ? [t("shifts:day.changed"), day.note].filter(Boolean).join(": ") : "",
      worked(day),
      ...amiss(day),
    ].filter(Boolean);

  const label = (name: string, date: string, day: PlanDay | undefined): string =>
    [name, dayName(date, time.locale), ...(day ? lines(day) : [t("shifts:day.nothing")])].join(", ");

  return { planned, worked, amiss, absent, lines, label };
}
