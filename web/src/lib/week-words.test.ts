import { expect, test } from "vitest";
import type { ScheduleDefinition } from "@/api/types.ts";
import { days, weekInWords } from "./week-words.ts";

const week = (hours: Partial<Record<(typeof days)[number], [string, string][]>>): ScheduleDefinition => ({
  time_zone: "Europe/Moscow",
  weekly: days.map((day) => ({ day, intervals: (hours[day] ?? []).map(([from, to]) => ({ from, to })) })),
});

test("a week is said in words", () => {
  const said = (hours: Parameters<typeof week>[0]) => weekInWords(week(hours), (day) => day);
  const office: [string, string][] = [
    ["09:00", "13:00"],
    ["14:00", "18:00"],
  ];
  const working = { mon: office, tue: office, wed: office, thu: office, fri: office };
  expect(said(working)).toBe("mon–fri 09:00–13:00, 14:00–18:00");
  expect(said({ ...working, sat: [["10:00", "14:00"]] })).toBe(
    "mon–fri 09:00–13:00, 14:00–18:00; sat 10:00–14:00",
  );
  expect(said({})).toBe("");
  expect(weekInWords({ weekly: [] }, (day) => day)).toBe("");
});
