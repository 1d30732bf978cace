import { expect, test } from "vitest";
import { offsetName, zoneCity, zoneOffset, zones } from "./time-zones.ts";

const winter = new Date("2026-01-15T12:00:00Z");
const summer = new Date("2026-07-15T12:00:00Z");

test("offsets follow summer time", () => {
  expect(zoneOffset("Europe/Moscow", winter)).toBe(180);
  expect(zoneOffset("Europe/Berlin", winter)).toBe(60);
  expect(zoneOffset("Europe/Berlin", summer)).toBe(120);
  expect(zoneOffset("Asia/Kolkata", winter)).toBe(330);
  expect(zoneOffset("America/New_York", winter)).toBe(-300);
  expect(zoneOffset("UTC", winter)).toBe(0);
  expect(zoneOffset("Mars/Base", winter)).toBeNull();
});

test("offsets are written as people write them", () => {
  expect(offsetName(0)).toBe("UTC");
  expect(offsetName(180)).toBe("UTC+3");
  expect(offsetName(345)).toBe("UTC+5:45");
  expect(offsetName(-210)).toBe("UTC−3:30");
});

test("cities have their Russian names", () => {
  expect(zoneCity("Asia/Yekaterinburg", "ru")).toBe("Екатеринбург");
  expect(zoneCity("Asia/Yekaterinburg", "en")).toBe("Yekaterinburg");
  expect(zoneCity("America/Argentina/Buenos_Aires", "ru")).toBe("Buenos Aires");
});

test("the list goes from west to east and keeps a zone that this browser does not list", () => {
  const list = zones("ru", winter, "Asia/Calcutta");
  expect(list.some((zone) => zone.value === "Asia/Calcutta")).toBe(true);
  expect(list.find((zone) => zone.value === "Europe/Moscow")?.label).toBe("Москва (UTC+3)");
  const offsets = list.map((zone) => zone.offset);
  expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
});
