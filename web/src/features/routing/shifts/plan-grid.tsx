// People by days of a month. Arrows go from cell to cell, Enter opens one.
import { type KeyboardEvent, memo, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "@/api/types.ts";
import { dayKey } from "@/lib/time.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { useTime } from "@/ui/time.tsx";
import { hoursOf, monthDays, stateOf, tightClock, weekdayName, weekdayOf } from "./logic.ts";
import type { PersonPlan, PlanDay, Shift, ShiftPlan, SpecialDay } from "./queries.ts";
import styles from "./shifts.module.css";
import { useDayWords } from "./words.ts";

interface Props {
  month: string;
  view: "plan" | "fact";
  plan: ShiftPlan;
  people: PersonPlan[];
  onDay: (person: PersonPlan, day: string) => void;
  onPerson?: (user: Person) => void;
}

/** A day of the production calendar or of the week on which the most rest. */
export function isRest(day: string, special: SpecialDay | undefined): boolean {
  if (special?.kind === "holiday") return true;
  if (special?.kind === "working" || special?.kind === "working_short") return false;
  return weekdayOf(day) > 4;
}

export function PlanGrid({ month, view, plan, people, onDay, onPerson }: Props) {
  const { t } = useTranslation();
  const { now, timeZone, locale } = useTime();
  const today = dayKey(now, timeZone);
  const days = useMemo(() => monthDays(month), [month]);
  const special = useMemo(
    () => new Map(plan.special_days.map((day) => [day.date, day])),
    [plan.special_days],
  );
  const shifts = useMemo(() => new Map(plan.shifts.map((shift) => [shift.id, shift])), [plan.shifts]);
  return (
    <div className={styles.frame}>
      <table className={styles.grid} onKeyDown={goOverCells} data-testid="plan-grid">
        <caption className="visually-hidden">{t("shifts:plan.title")}</caption>
        <colgroup>
          <col className={styles.nameColumn} />
          {days.map((day) => (
            <col key={day} />
          ))}
          <col className={styles.sumColumn} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col" className={styles.nameHead}>
              <span className={styles.norm}>
                {t("shifts:plan.norm", { hours: hoursOf(plan.norm_minutes, locale) })}
              </span>
            </th>
            {days.map((day) => (
              <th
                key={day}
                scope="col"
                className={styles.dayHead}
                data-rest={isRest(day, special.get(day)) || undefined}
                data-today={day === today || undefined}
                title={special.get(day)?.name || undefined}
              >
                <span className={styles.weekday}>{weekdayName(day, locale)}</span>
                {Number(day.slice(8))}
                {special.get(day)?.kind === "short" && <span className={styles.shortMark}>*</span>}
              </th>
            ))}
            <th scope="col" className={styles.sumHead}>
              {t(view === "plan" ? "shifts:plan.planned" : "shifts:plan.worked")}
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person, index) => (
            <Row
              key={person.user.id}
              first={index === 0}
              days={days}
              today={today}
              special={special}
              shifts={shifts}
              view={view}
              person={person}
              onDay={onDay}
              onPerson={onPerson}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  first: boolean;
  days: string[];
  today: string;
  special: Map<string, SpecialDay>;
  shifts: Map<string, Shift>;
  view: "plan" | "fact";
  person: PersonPlan;
  onDay: (person: PersonPlan, day: string) => void;
  onPerson?: (user: Person) => void;
}

const Row = memo(function Row(props: RowProps) {
  const { first, days, today, special, shifts, view, person, onDay, onPerson } = props;
  const { t } = useTranslation();
  const { locale } = useTime();
  const words = useDayWords(shifts);
  const own = new Map(person.days.map((day) => [day.date, day]));
  const { user, schedule, plan_minutes, due_minutes, fact_minutes } = person;
  const name = (
    <>
      <Avatar name={user.name} color={user.avatar_color} size={24} />
      <span className={styles.nameText}>
        <span className={styles.personName}>{user.name}</span>
        <span className={styles.schedule}>{schedule?.name ?? t("shifts:plan.noSchedule")}</span>
      </span>
    </>
  );
  return (
    <tr data-testid="plan-row">
      <th scope="row" className={styles.name}>
        {onPerson ? (
          <button
            type="button"
            className={styles.nameButton}
            onClick={() => onPerson(user)}
            data-testid="plan-person"
          >
            {name}
          </button>
        ) : (
          <span className={styles.nameButton}>{name}</span>
        )}
      </th>
      {days.map((date, index) => {
        const day = own.get(date);
        return (
          <td
            key={date}
            className={styles.cell}
            data-rest={isRest(date, special.get(date)) || undefined}
            data-today={date === today || undefined}
          >
            <button
              type="button"
              className={styles.day}
              tabIndex={first && index === 0 ? 0 : -1}
              aria-label={words.label(user.name, date, day)}
              title={day ? words.lines(day).join("\n") : undefined}
              onClick={() => onDay(person, date)}
              data-color={day?.shift_id ? shifts.get(day.shift_id)?.color : undefined}
              data-testid="plan-day"
              data-date={date}
              {...marks(day, view)}
            >
              {day && (
                <Inside day={day} view={view} shift={day.shift_id ? shifts.get(day.shift_id) : undefined} />
              )}
            </button>
          </td>
        );
      })}
      <td className={styles.sum}>
        {view === "plan" ? (
          <>
            <b>{hoursOf(plan_minutes, locale)}</b>
            <span>{t("shifts:plan.hours")}</span>
          </>
        ) : (
          <>
            <b>{hoursOf(fact_minutes, locale)}</b>
            <span>{t("shifts:plan.of", { hours: hoursOf(due_minutes, locale) })}</span>
          </>
        )}
      </td>
    </tr>
  );
});

/** How a cell looks. */
export function marks(day: PlanDay | undefined, view: "plan" | "fact"): Record<string, string | undefined> {
  if (!day) return {};
  const absent = day.absence !== undefined && day.absence !== null;
  return {
    "data-absent": absent ? "true" : undefined,
    "data-changed": day.changed ? "true" : undefined,
    "data-working": day.starts_at && !absent ? "true" : undefined,
    "data-fact": view === "fact" && !absent ? stateOf(day) : undefined,
  };
}

function Inside({ day, view, shift }: { day: PlanDay; view: "plan" | "fact"; shift: Shift | undefined }) {
  const { t } = useTranslation();
  const { timeZone, locale } = useTime();
  if (day.absence !== undefined && day.absence !== null) {
    return (
      <span className={styles.letter}>
        {(day.absence || t("shifts:day.absent")).slice(0, 1).toUpperCase()}
      </span>
    );
  }
  if (view === "fact") {
    if (day.fact?.missed) return <span aria-hidden="true">✕</span>;
    if (day.fact && day.fact.minutes > 0) return <span>{hoursOf(day.fact.minutes, locale)}</span>;
    return day.starts_at ? <span className={styles.dot} /> : null;
  }
  if (!day.starts_at || !day.ends_at) {
    return shift ? (
      <span className={styles.letter}>{shift.name.slice(0, 1)}</span>
    ) : (
      <span className={styles.dash}>–</span>
    );
  }
  return (
    <>
      <span>{tightClock(day.starts_at, timeZone)}</span>
      <span>{tightClock(day.ends_at, timeZone)}</span>
    </>
  );
}

const steps: Record<string, [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

function goOverCells(event: KeyboardEvent<HTMLTableElement>): void {
  const step = steps[event.key];
  const cell = event.target instanceof HTMLElement ? event.target.closest("td") : null;
  const row = cell?.parentElement;
  if (!step || !cell || !(row instanceof HTMLTableRowElement)) return;
  const body = row.parentElement as HTMLTableSectionElement;
  const next =
    body.rows[row.sectionRowIndex + step[0]]?.cells[cell.cellIndex + step[1]]?.querySelector("button");
  if (!next) return;
  event.preventDefault();
  cell.querySelector("button")?.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}
