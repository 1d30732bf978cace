import { describe, expect, it } from "vitest";
import {
  atHour,
  dayKey,
  daysFromNow,
  dayTitle,
  localClock,
  longTime,
  shortTime,
  type TimeContext,
  weekday,
} from "./time.ts";

const moscow = (now: string, locale: "ru" | "en" = "ru"): TimeContext => ({
  locale,
  timeZone: "Europe/Moscow",
  now: new Date(now),
});
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("near times are relative, far ones are dates", () => {
  const now = moscow("2026-11-21T10:50:00Z");
  it("in a row", () => {
    expect(shortTime("2026-11-21T10:49:40Z", now)).toBe("сейчас");
    expect(shortTime("2026-11-21T10:50:20Z", now)).toBe("сейчас");
    expect(shortTime("2026-11-21T10:45:00Z", now)).toBe("5 мин");
    expect(shortTime("2026-11-21T06:05:00Z", now)).toBe("09:05");
    expect(shortTime("2026-11-20T20:00:00Z", now)).toBe("вчера");
    expect(plain(shortTime("2026-10-30T10:00:00Z", now))).toBe("30 окт.");
    expect(shortTime("2025-12-30T10:00:00Z", now)).toBe("30.12.2025");
  });
  it("in a sentence", () => {
    expect(longTime("2026-11-21T10:45:00Z", now)).toBe("5 мин назад");
    expect(longTime("2026-11-21T06:05:00Z", now)).toBe("сегодня, 09:05");
    expect(longTime("2026-11-22T06:00:00Z", now)).toBe("завтра, 09:00");
    expect(plain(longTime("2026-10-30T10:50:00Z", now))).toBe("30 окт., 13:50");
    expect(longTime("2026-11-21T10:45:00Z", { ...now, locale: "en" })).toBe("5 min ago");
  });
});

describe("days belong to the zone", () => {
  it("an evening in UTC is the next day in Moscow", () => {
    expect(dayKey("2026-11-20T21:30:00Z", "Europe/Moscow")).toBe("2026-11-21");
    expect(daysFromNow("2026-11-20T21:30:00Z", moscow("2026-11-21T10:00:00Z"))).toBe(0);
  });
  it("titles", () => {
    const now = moscow("2026-11-21T10:00:00Z");
    expect(dayTitle("2026-11-21T08:00:00Z", now)).toBe("Сегодня");
    expect(dayTitle("2026-11-20T08:00:00Z", now)).toBe("Вчера");
    expect(plain(dayTitle("2026-11-16T08:00:00Z", now))).toBe("Понедельник, 16 ноября");
    expect(plain(dayTitle("2025-12-30T08:00:00Z", now))).toBe("30 декабря 2025 г.");
  });
});

describe("wall clocks", () => {
  const now = moscow("2026-11-21T10:00:00Z");
  it("an hour of a day", () => {
    expect(atHour(1, 9, now).toISOString()).toBe("2026-11-22T06:00:00.000Z");
    // The night in which Berlin's clocks go back.
    const berlin: TimeContext = {
      locale: "ru",
      timeZone: "Europe/Berlin",
      now: new Date("2026-10-24T10:00:00Z"),
    };
    expect(atHour(1, 9, berlin).toISOString()).toBe("2026-10-25T08:00:00.000Z");
  });
  it("somebody else's clock", () => {
    expect(localClock("Asia/Vladivostok", now)).toEqual({ clock: "20:00", offset: 7 });
    expect(localClock("Nowhere/City", now)).toBeNull();
  });
  it("weekday", () => expect(weekday(now)).toBe(6));
});
