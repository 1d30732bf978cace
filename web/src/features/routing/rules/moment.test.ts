import { describe, expect, it } from "vitest";
import { clockIn, momentOf } from "./moment.ts";

describe("a moment by the clock of a zone", () => {
  it("goes there and back", () => {
    expect(clockIn("Europe/Moscow", new Date("2026-11-29T21:30:00Z"))).toBe("2026-11-30T00:30");
    expect(momentOf("Europe/Moscow", "2026-11-30T00:30")).toBe("2026-11-29T21:30:00.000Z");
    expect(momentOf("America/New_York", "2026-11-30T00:30")).toBe("2026-11-30T05:30:00.000Z");
  });

  it("is right on the day the clocks change", () => {
    expect(momentOf("Europe/Berlin", "2026-03-29T01:30")).toBe("2026-03-29T00:30:00.000Z");
    expect(momentOf("Europe/Berlin", "2026-03-29T03:30")).toBe("2026-03-29T01:30:00.000Z");
  });

  it("is nothing while it is half typed", () => {
    expect(momentOf("Europe/Moscow", "")).toBeNull();
  });
});
