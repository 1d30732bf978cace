// The times of an absence in words: "28 нояб. – 11 дек.", with hours when it is not of whole days.
import { useTime } from "@/ui/time.tsx";
import { wholeDays } from "./staff-absence-logic.ts";
import type { Absence } from "./staff-queries.ts";

export function useAbsenceDates(): (absence: Pick<Absence, "from" | "until">) => string {
  const { locale, timeZone } = useTime();
  const tag = locale === "ru" ? "ru-RU" : "en-GB";
  return (absence) => {
    const days = wholeDays(absence, timeZone);
    const format = new Intl.DateTimeFormat(tag, {
      day: "numeric",
      month: "short",
      ...(days ? {} : { hour: "2-digit", minute: "2-digit" }),
      timeZone,
    });
    return format.formatRange(new Date(absence.from), new Date(Date.parse(absence.until) - (days ? 1 : 0)));
  };
}
