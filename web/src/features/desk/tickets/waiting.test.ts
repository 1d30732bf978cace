import { describe, expect, it } from "vitest";
import type { TimeContext } from "@/lib/time.ts";
import { untilWords, waitingPresets } from "./waiting.ts";

const at = (now: string): TimeContext => ({ locale: "ru", timeZone: "Europe/Moscow", now: new Date(now) });
const presets = (now: string) =>
  Object.fromEntries(waitingPresets(at(now)).map((preset) => [preset.key, preset.at.toISOString()]));
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("moments a ticket waits until", () => {
  it("at noon", () => {
    expect(presets("2026-11-18T09:00:00Z")).toEqual({
      hour: "2026-11-18T10:00:00.000Z",
      evening: "2026-11-18T15:00:00.000Z",
      tomorrow: "2026-11-19T06:00:00.000Z",
    });
  });
  it("the evening is offered until it has come", () => {
    expect(presets("2026-11-18T14:59:00Z").evening).toBe("2026-11-18T15:00:00.000Z");
    expect(presets("2026-11-18T15:00:00Z").evening).toBeUndefined();
  });
  it("are told by the clock today and by the day otherwise", () => {
    const noon = at("2026-11-18T09:00:00Z");
    expect(untilWords("2026-11-18T13:00:00Z", noon)).toBe("16:00");
    expect(untilWords("2026-11-18T08:50:00Z", noon)).toBe("11:50");
    expect(untilWords("2026-11-19T06:00:00Z", noon)).toBe("завтра, 09:00");
    expect(plain(untilWords("2026-12-30T10:50:00Z", noon))).toBe("30 дек., 13:50");
  });
});
