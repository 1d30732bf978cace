// What a schedule makes of the coming months, and of the year beside the norm of the production calendar.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTime } from "@/ui/time.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import { hoursOf, monthAfter, monthDays, monthOf, monthTitle, weekdayName, weekdayOf } from "./logic.ts";
import { type Shift, schedulePreviewQuery, type WorkScheduleRule } from "./queries.ts";
import styles from "./shifts.module.css";

const shown = 3;

interface Props {
  rule: WorkScheduleRule;
  shifts: Shift[];
  today: string;
}

export function SchedulePreview({ rule, shifts, today }: Props) {
  const { t } = useTranslation();
  const { locale } = useTime();
  const asked = useDebounced(JSON.stringify(rule), 250);
  const year = today.slice(0, 4);
  const months = Array.from({ length: shown }, (_, index) => monthAfter(monthOf(today), index));
  const last = months.at(-1) ?? monthOf(today);
  const parsed: WorkScheduleRule = JSON.parse(asked);
  const of = (from: string, to: string) => ({
    ...schedulePreviewQuery(parsed, from, to),
    placeholderData: keepPreviousData,
  });
  const near = useQuery(of(`${monthOf(today)}-01`, monthDays(last).at(-1) ?? today));
  const whole = useQuery(of(`${year}-01-01`, `${year}-12-31`));
  const days = new Map(near.data?.days.map((day) => [day.date, day]));
  const kinds = new Map(shifts.map((shift) => [shift.id, shift]));
  const used = shifts.filter((shift) => rule.pattern.shift_ids.includes(shift.id));
  return (
    <aside className={styles.preview} aria-label={t("shifts:preview.title")} data-testid="schedule-preview">
      <h2 className={styles.previewTitle}>{t("shifts:preview.title")}</h2>
      {near.error ? (
        <p className={styles.muted}>{t("shifts:preview.wrong")}</p>
      ) : (
        <>
          {whole.data && (
            <p className={styles.muted} data-testid="preview-year">
              {t("shifts:preview.year", {
                year,
                count: whole.data.days.filter((day) => day.minutes > 0).length,
                hours: hoursOf(whole.data.minutes, locale),
                norm: hoursOf(whole.data.norm_minutes, locale),
              })}
            </p>
          )}
          {months.map((month) => (
            <div key={month} className={styles.miniMonth}>
              <h3>{monthTitle(month, locale)}</h3>
              <div className={styles.mini} aria-hidden="true">
                {monthDays("2024-01")
                  .slice(0, 7)
                  .map((day) => (
                    <span key={day} className={styles.miniName}>
                      {weekdayName(day, locale)}
                    </span>
                  ))}
                {monthDays(month).map((date, index) => {
                  const day = days.get(date);
                  const kind = day?.shift_id ? kinds.get(day.shift_id) : undefined;
                  return (
                    <span
                      key={date}
                      className={styles.miniDay}
                      style={index === 0 ? { gridColumnStart: weekdayOf(date) + 1 } : undefined}
                      data-color={kind?.color}
                      data-working={(day && day.minutes > 0) || undefined}
                      data-holiday={day?.holiday || undefined}
                      data-today={date === today || undefined}
                      title={
                        day?.holiday
                          ? t("shifts:day.holiday")
                          : day?.short
                            ? t("shifts:day.short")
                            : kind?.name
                      }
                    >
                      {Number(date.slice(8))}
                      {day?.short && "*"}
                    </span>
                  );
                })}
              </div>
            </div>
          ))}
          <ul className={styles.legend}>
            {used.map((shift) => (
              <li key={shift.id}>
                <span className={styles.swatch} data-color={shift.color} />
                {shift.name}
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
