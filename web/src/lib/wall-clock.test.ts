import { expect, test } from "vitest";
import { dayAfter, fromWallClock, wallClock } from "./wall-clock.ts";

test("a wall clock is read and found again in zones east and west", () => {
  for (const zone of ["Europe/Moscow", "Asia/Kolkata", "America/New_York", "Pacific/Auckland", "UTC"]) {
    for (const text of ["2026-01-15T00:00", "2026-07-01T23:59", "2026-11-29T12:30"]) {
      const at = fromWallClock(text, zone);
      expect(at && wallClock(at, zone)).toBe(text);
    }
  }
  expect(fromWallClock("2026-12-30", "Europe/Moscow")?.toISOString()).toBe("2026-12-29T21:00:00.000Z");
});

test("right after the clocks change the moment is still the right one", () => {
  expect(fromWallClock("2026-03-29T03:30", "Europe/Berlin")?.toISOString()).toBe("2026-03-29T01:30:00.000Z");
  expect(fromWallClock("2026-10-25T04:00", "Europe/Berlin")?.toISOString()).toBe("2026-10-25T03:00:00.000Z");
});

test("what is no time is nothing", () => {
  expect(fromWallClock("", "UTC")).toBeNull();
  expect(fromWallClock("завтра", "UTC")).toBeNull();
});

test("days follow each other over the year", () => {
  expect(dayAfter("2026-12-31", 1)).toBe("2027-01-01");
  expect(dayAfter("2026-03-01", -1)).toBe("2026-02-28");
});
