import { expect, test } from "vitest";
import {
  edited,
  faultsOf,
  lengthParts,
  localInput,
  nextInterval,
  shownMoment,
  startingDefinition,
  unreadableTimes,
} from "./schedule-model.ts";

test("a week has every day in its place, whatever was saved", () => {
  const definition = edited({
    time_zone: "Europe/Moscow",
    weekly: [{ day: "wed", intervals: [{ from: "09:00", to: "18:00" }] }],
  });
  expect(definition.weekly.map(({ day }) => day)).toEqual(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
  expect(definition.weekly[2]?.intervals).toHaveLength(1);
  expect(definition).toMatchObject({ exceptions: [], days: [], production_calendar: null });
  expect(edited(definition)).toEqual(definition);
});

test("the next interval is after the last, or at night when the day is over", () => {
  expect(nextInterval([])).toEqual({ from: "09:00", to: "18:00" });
  expect(nextInterval([{ from: "09:00", to: "13:00" }])).toEqual({ from: "14:00", to: "16:00" });
  expect(nextInterval([{ from: "09:00", to: "23:00" }])).toEqual({ from: "00:00", to: "02:00" });
});

test("times that cannot be read are found where they stand", () => {
  const office = startingDefinition("Europe/Moscow");
  expect(unreadableTimes(office)).toEqual([]);
  const wrong = office.weekly.with(2, { day: "wed", intervals: [{ from: "24:00", to: "25:00" }] });
  const exceptions = [{ date: "2026-12-30", intervals: [{ from: "9:00", to: "1" }], name: "" }];
  expect(unreadableTimes({ ...office, weekly: wrong, exceptions })).toEqual([
    "weekly[2].intervals[0].from",
    "weekly[2].intervals[0].to",
    "exceptions[0].intervals[0].to",
  ]);
});

test("complaints lose the path of the request", () => {
  const fields = { "schedule.weekly[2].intervals[0].to": "Время", start: "Начало" };
  expect(faultsOf(fields, "schedule.")).toEqual({ "weekly[2].intervals[0].to": "Время" });
});

test("moments are by the schedule's clock", () => {
  expect(localInput(new Date("2026-12-30T10:50:00Z"), "Europe/Moscow")).toBe("2026-12-30T13:50");
  expect(localInput(new Date("2026-12-30T21:00:00Z"), "Europe/Moscow")).toBe("2026-12-31T00:00");
  expect(shownMoment("2027-01-11T06:50:00Z", "en", "Europe/Moscow")).toContain("09:50");
  expect(lengthParts(4200)).toEqual([
    { unit: "h", count: 1 },
    { unit: "m", count: 10 },
  ]);
  expect(lengthParts(0)).toEqual([{ unit: "m", count: 0 }]);
});
