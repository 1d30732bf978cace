import { expect, test } from "vitest";
import {
  absenceTimes,
  absenceValues,
  asDays,
  barOf,
  groupAbsences,
  lastDay,
  newAbsence,
} from "./staff-absence-logic.ts";
import type { Absence } from "./staff-queries.ts";

const zone = "Europe/Moscow";
const absence = (id: string, from: string, until: string) =>
  ({ id, from, until, user: { id: "u" }, reason: "Отпуск", substitute: null }) as unknown as Absence;
const vacation = absence("vacation", "2026-11-27T21:00:00Z", "2026-12-11T21:00:00Z");

test("whole days include the last one and come back as they were", () => {
  const values = absenceValues(vacation, zone);
  expect(values).toMatchObject({ days: true, from: "2026-11-28", until: "2026-12-11" });
  expect(absenceTimes(values, zone)).toEqual({
    from: "2026-11-27T21:00:00.000Z",
    until: "2026-12-11T21:00:00.000Z",
  });
  // For somebody further east it is no whole day, and is shown with its hours.
  expect(absenceValues(vacation, "Asia/Yekaterinburg")).toMatchObject({
    days: false,
    from: "2026-11-28T02:00",
  });
});

test("hours are kept when they are typed", () => {
  const values = { ...asDays(newAbsence("2026-12-01"), false), until: "2026-12-01T13:30" };
  expect(values.from).toBe("2026-12-01T09:00");
  expect(absenceTimes(values, zone)).toEqual({
    from: "2026-12-01T06:00:00.000Z",
    until: "2026-12-01T10:30:00.000Z",
  });
  expect(asDays(values, true)).toMatchObject({ from: "2026-12-01", until: "2026-12-01" });
  expect(absenceTimes({ ...values, until: "" }, zone).until).toBeNull();
});

test("now, ahead and over, each in its order", () => {
  const now = new Date("2026-11-29T09:00:00Z");
  const groups = groupAbsences(
    [
      absence("far", "2026-12-20T00:00:00Z", "2026-12-21T00:00:00Z"),
      absence("old", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"),
      absence("recent", "2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"),
      vacation,
      absence("near", "2026-12-02T00:00:00Z", "2026-12-30T00:00:00Z"),
    ],
    now,
  );
  expect(groups.now.map((each) => each.id)).toEqual(["vacation"]);
  expect(groups.ahead.map((each) => each.id)).toEqual(["near", "far"]);
  expect(groups.over.map((each) => each.id)).toEqual(["recent", "old"]);
});

test("a bar of the calendar is cut at its edges and left out beyond them", () => {
  expect(lastDay(vacation, zone)).toBe("2026-12-11");
  expect(barOf(vacation, "2026-11-30", 28, zone)).toEqual({ from: 0, to: 11 });
  expect(barOf(vacation, "2026-11-23", 7, zone)).toEqual({ from: 5, to: 6 });
  expect(barOf(vacation, "2026-12-12", 28, zone)).toBeNull();
  expect(barOf(vacation, "2026-11-01", 27, zone)).toBeNull();
});
