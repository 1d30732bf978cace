import { describe, expect, it } from "vitest";
import type { TimeContext } from "@/lib/time.ts";
import { snoozePresets } from "./snooze.ts";

const at = (now: string): TimeContext => ({ locale: "ru", timeZone: "Europe/Moscow", now: new Date(now) });
const presets = (now: string) =>
  Object.fromEntries(snoozePresets(at(now)).map((preset) => [preset.key, preset.at.toISOString()]));

describe("snooze presets", () => {
  it("on a Wednesday noon", () => {
    expect(presets("2026-11-18T09:00:00Z")).toEqual({
      hour: "2026-11-18T10:00:00.000Z",
      threeHours: "2026-11-18T12:00:00.000Z",
      evening: "2026-11-18T15:00:00.000Z",
      tomorrow: "2026-11-19T06:00:00.000Z",
      monday: "2026-11-23T06:00:00.000Z",
      week: "2026-11-25T06:00:00.000Z",
    });
  });
  it("no evening when it has come, no Monday when it is tomorrow", () => {
    const sunday = presets("2026-11-22T16:00:00Z");
    expect(sunday.evening).toBeUndefined();
    expect(sunday.monday).toBeUndefined();
    expect(sunday.tomorrow).toBe("2026-11-23T06:00:00.000Z");
  });
  it("a week from a Monday is said once", () => {
    const monday = presets("2026-11-23T09:00:00Z");
    expect(monday.monday).toBe("2026-11-30T06:00:00.000Z");
    expect(monday.week).toBeUndefined();
  });
});
