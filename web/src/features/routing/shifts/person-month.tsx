// One person's month as a list: the way to read it on a phone and on one's own page.
import { useTranslation } from "react-i18next";
import { dayKey } from "@/lib/time.ts";
import { useTime } from "@/ui/time.tsx";
import { hoursOf, monthDays, weekdayName } from "./logic.ts";
import { isRest, marks } from "./plan-grid.tsx";
import type { PersonPlan, ShiftPlan } from "./queries.ts";
import styles from "./shifts.module.css";
import { useDayWords } from "./words.ts";

interface Props {
  month: string;
  plan: ShiftPlan;
  person: PersonPlan;
  onDay?: (day: string) => void;
}

export function PersonMonth({ month, plan, person, onDay }: Props) {
  const { t } = useTranslation();
  const { now, timeZone, locale } = useTime();
  const today = dayKey(now, timeZone);
  const shifts = new Map(plan.shifts.map((shift) => [shift.id, shift]));
  const special = new Map(plan.special_days.map((day) => [day.date, day]));
  const words = useDayWords(shifts);
  const own = new Map(person.days.map((day) => [day.date, day]));
  const figures = [
    ["planned", person.plan_minutes],
    ["worked", person.fact_minutes],
    ["norm", plan.norm_minutes],
  ] as const;
  return (
    <>
      <dl className={styles.figures} data-testid="month-figures">
        {figures.map(([name, minutes]) => (
          <div key={name}>
            <dt>{t(`shifts:month.${name}`)}</dt>
            <dd className="tnum">{t("shifts:day.hours", { hours: hoursOf(minutes, locale) })}</dd>
          </div>
        ))}
        <div>
          <dt>{t("shifts:month.schedule")}</dt>
          <dd>{person.schedule?.name ?? t("shifts:plan.noSchedule")}</dd>
        </div>
      </dl>
      <ul className={styles.list}>
        {monthDays(month).map((date) => {
          const day = own.get(date);
          const [head, ...rest] = day ? words.lines(day) : [];
          const body = (
            <>
              <span className={styles.listDate}>
                <b className="tnum">{Number(date.slice(8))}</b>
                <span>{weekdayName(date, locale)}</span>
              </span>
              <span
                className={styles.listMark}
                data-color={day?.shift_id ? shifts.get(day.shift_id)?.color : undefined}
                {...marks(day, "plan")}
              />
              <span className={styles.listText}>
                <span>{head ?? special.get(date)?.name ?? ""}</span>
                {rest.map((line) => (
                  <span key={line} className={styles.listNote}>
                    {line}
                  </span>
                ))}
              </span>
            </>
          );
          return (
            <li
              key={date}
              data-rest={isRest(date, special.get(date)) || undefined}
              data-today={date === today || undefined}
              data-testid="month-day"
            >
              {onDay ? (
                <button
                  type="button"
                  className={styles.listRow}
                  aria-label={words.label(person.user.name, date, day)}
                  onClick={() => onDay(date)}
                >
                  {body}
                </button>
              ) : (
                <span className={styles.listRow}>{body}</span>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
