import { describe, expect, it } from "vitest";
import { isSpan, spread, usualWeek } from "./hours.ts";

describe("working hours", () => {
  it("begin as five days from nine to six", () => {
    const week = usualWeek("Europe/Moscow");
    expect(week.fri).toEqual([["09:00", "18:00"]]);
    expect(week.sat).toBeUndefined();
  });

  it("know a span from what is none", () => {
    expect(isSpan(["09:00", "24:00"])).toBe(true);
    expect(isSpan(["18:00", "09:00"])).toBe(false);
    expect(isSpan(["09:00", "09:00"])).toBe(false);
    expect(isSpan(["9", "18:00"])).toBe(false);
    expect(isSpan(["09:00", "24:30"])).toBe(false);
    expect(isSpan(["09:75", "18:00"])).toBe(false);
  });

  it("are copied to the other working days, not to days off", () => {
    const week = { ...usualWeek("UTC"), mon: [["10:00", "19:00"]] as [string, string][] };
    const next = spread(week, "mon");
    expect(next.wed).toEqual([["10:00", "19:00"]]);
    expect(next.sun).toBeUndefined();
  });
});
