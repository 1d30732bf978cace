// The hours of a shift in words.
import { useTranslation } from "react-i18next";
import { useTime } from "@/ui/time.tsx";
import { endOf, hoursOf, workMinutes } from "./logic.ts";
import type { ShiftHours } from "./queries.ts";

const padded = (time: string) => time.padStart(5, "0");

export function useShiftHoursWords() {
  const { t } = useTranslation();
  const { locale } = useTime();
  /** "09:00–18:00". */
  const span = (hours: ShiftHours) => `${padded(hours.from)}–${endOf(hours)}`;
  /** "8 ч, перерыв 1 ч". */
  const length = (hours: ShiftHours) => {
    const work = workMinutes(hours);
    const pause = hours.minutes - work;
    return [
      t("shifts:day.hours", { hours: hoursOf(work, locale) }),
      pause > 0 ? t("shifts:kinds.pause", { hours: hoursOf(pause, locale) }) : "",
    ]
      .filter(Boolean)
      .join(", ");
  };
  return { span, length };
}
