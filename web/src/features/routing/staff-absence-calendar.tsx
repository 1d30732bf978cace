// Four weeks from today: a row for each person who is or will be absent, a bar for each absence.
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { dayKey } from "@/lib/time.ts";
import { dayAfter } from "@/lib/wall-clock.ts";
import { useTime } from "@/ui/time.tsx";
import styles from "./staff.module.css";
import { barOf } from "./staff-absence-logic.ts";
import { useAbsenceDates } from "./staff-absence-words.ts";
import type { Absence } from "./staff-queries.ts";

const count = 28;

export function AbsenceCalendar({
  absences,
  onOpen,
}: {
  absences: readonly Absence[];
  onOpen: (absence: Absence) => void;
}) {
  const { t } = useTranslation();
  const { now, timeZone, locale } = useTime();
  const dates = useAbsenceDates();
  const first = dayKey(now, timeZone);
  const bars = absences.flatMap((absence) => {
    const bar = barOf(absence, first, count, timeZone);
    return bar ? [{ absence, ...bar }] : [];
  });
  if (bars.length === 0) return null;
  const people = new Map<Id, typeof bars>();
  for (const bar of bars) {
    const { id } = bar.absence.user;
    people.set(id, [...(people.get(id) ?? []), bar]);
  }
  const days = Array.from({ length: count }, (_, index) => new Date(`${dayAfter(first, index)}T12:00:00Z`));
  const month = new Intl.DateTimeFormat(locale === "ru" ? "ru-RU" : "en-GB", {
    month: "short",
    timeZone: "UTC",
  });
  return (
    <section className={styles.calendar} aria-label={t("staff:absences.calendar")}>
      <div className={styles.calendarDays} aria-hidden="true">
        <span />
        {days.map((day, index) => (
          <span
            key={day.toISOString()}
            className={styles.calendarDay}
            data-weekend={day.getUTCDay() % 6 === 0 || undefined}
          >
            <span>{(index === 0 || day.getUTCDate() === 1) && month.format(day)}</span>
            {day.getUTCDate()}
          </span>
        ))}
      </div>
      {[...people.values()].map((rows) => (
        <div key={rows[0]?.absence.user.id} className={styles.calendarRow}>
          <span className={styles.calendarName}>{rows[0]?.absence.user.name}</span>
          {days.map((day, index) => (
            <span
              key={day.toISOString()}
              className={styles.calendarCell}
              style={{ gridColumn: index + 2 }}
              data-weekend={day.getUTCDay() % 6 === 0 || undefined}
            />
          ))}
          {rows.map(({ absence, from, to }) => (
            <button
              key={absence.id}
              type="button"
              className={styles.bar}
              style={{ gridColumn: `${from + 2} / ${to + 3}` }}
              onClick={() => onOpen(absence)}
              title={dates(absence)}
              aria-label={`${absence.user.name}, ${dates(absence)}, ${absence.reason}`}
            >
              {absence.reason || dates(absence)}
            </button>
          ))}
        </div>
      ))}
    </section>
  );
}
