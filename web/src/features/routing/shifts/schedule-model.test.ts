import { expect, test } from "vitest";
import type { Shift, WorkSchedule } from "./queries.ts";
import { cycleOf, ruleOf, scheduleValues } from "./schedule-model.ts";

const shift = (id: string, from: string | null): Shift => ({
  id,
  name: id,
  color: "blue",
  archived: false,
  hours: from ? { from, minutes: 540, breaks: [] } : null,
});
const shifts = [shift("day", "09:00"), shift("night", "21:00"), shift("off", null)];

test("a new schedule is a week of the first shift", () => {
  const rule = ruleOf(scheduleValues(null, "Europe/Moscow", "2026-11-30", shifts));
  expect(rule.pattern).toEqual({ kind: "week", shift_ids: ["day", "day", "day", "day", "day", null, null] });
  expect(rule).toMatchObject({ production_calendar: "ru", holidays: true, from: null, to: null });
});

test("a saved schedule is the same again", () => {
  const saved: WorkSchedule = {
    id: "one",
    name: "2/2",
    people: 0,
    groups: 0,
    rule: {
      time_zone: "Asia/Yekaterinburg",
      pattern: { kind: "cycle", first: "2026-01-01", shift_ids: ["day", "day", null, null] },
      production_calendar: null,
      holidays: false,
      short_days: false,
      from: "2026-01-01",
      to: null,
    },
  };
  expect(ruleOf(scheduleValues(saved, "Europe/Moscow", "2026-11-30", shifts))).toEqual(saved.rule);
});

test("day, night and two days off take the first and the last shift", () => {
  expect(cycleOf("dayNight", shifts)).toEqual(["day", "night", null, null]);
  expect(cycleOf("2/2", [])).toEqual([null, null, null, null]);
});
