import { expect, test } from "vitest";
import {
  endOf,
  hoursOf,
  minutesBetween,
  monthAfter,
  monthDays,
  monthTitle,
  shiftParts,
  stateOf,
  tightClock,
  weekdayOf,
  workMinutes,
} from "./logic.ts";
import type { PlanDay } from "./queries.ts";

test("months follow each other over the year", () => {
  expect(monthAfter("2026-12", 1)).toBe("2027-01");
  expect(monthAfter("2026-01", -1)).toBe("2025-12");
  expect(monthDays("2028-02")).toHaveLength(29);
  expect(monthDays("2026-11").at(-1)).toBe("2026-11-30");
  expect(monthTitle("2026-11", "ru")).toBe("Ноябрь 2026");
  expect(weekdayOf("2026-11-30")).toBe(0);
});

test("times are as short as a cell", () => {
  expect(tightClock("2026-11-30T06:00:00Z", "Europe/Moscow")).toBe("9");
  expect(tightClock("2026-11-30T18:30:00Z", "Europe/Moscow")).toBe("21:30");
  expect(hoursOf(450, "ru")).toBe("7,5");
  expect(hoursOf(450, "en")).toBe("7.5");
});

test("a shift over midnight has two parts of a day", () => {
  const night = { from: "21:00", minutes: 720, breaks: [{ from: "01:00", minutes: 30 }] };
  expect(endOf(night)).toBe("09:00");
  expect(minutesBetween("21:00", "09:00")).toBe(720);
  expect(minutesBetween("09:00", "09:00")).toBe(1440);
  expect(minutesBetween("09:00", "")).toBeNull();
  expect(workMinutes(night)).toBe(690);
  expect(shiftParts(night)).toEqual([
    { left: 0.875, width: 0.125 },
    { left: 0, width: 0.375 },
  ]);
  expect(shiftParts({ from: "09:00", minutes: 540 })).toHaveLength(1);
});

test("the worst is said of a day first", () => {
  const day = (fact: Partial<NonNullable<PlanDay["fact"]>>): PlanDay => ({
    date: "2026-11-30",
    shift_id: null,
    starts_at: null,
    ends_at: null,
    minutes: 480,
    note: "",
    absence: null,
    changed: false,
    short: false,
    holiday: false,
    fact: {
      minutes: 60,
      first_at: null,
      last_at: null,
      late_minutes: 0,
      early_minutes: 0,
      missed: false,
      ...fact,
    },
  });
  expect(stateOf(day({ missed: true, minutes: 0 }))).toBe("missed");
  expect(stateOf(day({ late_minutes: 12, early_minutes: 9 }))).toBe("late");
  expect(stateOf(day({ late_minutes: 4, early_minutes: 9 }))).toBe("early");
  expect(stateOf(day({ late_minutes: 4 }))).toBe("worked");
  expect(stateOf({ ...day({}), fact: null })).toBe("none");
});
