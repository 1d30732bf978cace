import { expect, test } from "vitest";
import type { TimeContext } from "@/lib/time.ts";
import { boundsOf, ownDates } from "./report-model.ts";

const time: TimeContext = { locale: "ru", timeZone: "Europe/Moscow", now: new Date("2026-11-29T22:30:00Z") };

test("a period is of whole days by the reader's clock", () => {
  // In Moscow it is already the thirtieth.
  expect(boundsOf({ period: "today" }, time)).toEqual({
    from: "2026-11-29T21:00:00.000Z",
    to: "2026-11-30T21:00:00.000Z",
  });
  expect(boundsOf({}, time)).toEqual({ from: "2026-11-23T21:00:00.000Z", to: "2026-11-30T21:00:00.000Z" });
  expect(boundsOf({ period: "month" }, time)?.from).toBe("2026-10-31T21:00:00.000Z");
});

test("both dates of one's own period are in it", () => {
  const own = { period: "own", from: "2026-11-01", to: "2026-11-02" } as const;
  expect(boundsOf(own, time)).toEqual({ from: "2026-10-31T21:00:00.000Z", to: "2026-11-02T21:00:00.000Z" });
  expect(boundsOf({ ...own, to: "2026-10-31" }, time)).toBeNull();
  expect(boundsOf({ ...own, to: "2026-99-99" }, time)).toBeNull();
  expect(ownDates({ period: "own" }, time)).toEqual({ from: "2026-11-01", to: "2026-11-30" });
});

test("a period over a change of clocks begins and ends at midnight", () => {
  const berlin: TimeContext = {
    locale: "en",
    timeZone: "Europe/Berlin",
    now: new Date("2026-10-26T10:00:00Z"),
  };
  expect(boundsOf({ period: "own", from: "2026-10-25", to: "2026-10-25" }, berlin)).toEqual({
    from: "2026-10-24T22:00:00.000Z",
    to: "2026-10-25T23:00:00.000Z",
  });
});
