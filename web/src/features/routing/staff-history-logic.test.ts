import { expect, test } from "vitest";
import { lengthParts, shares } from "./staff-history-logic.ts";

const from = new Date("2026-11-01T00:00:00Z");
const to = new Date("2026-11-01T12:00:00Z");

test("the time of each is added up within the period", () => {
  const spans = [
    { key: "free", from: "2026-10-31T22:00:00Z", until: "2026-11-01T02:00:00Z" },
    { key: "away", from: "2026-11-01T02:00:00Z", until: "2026-11-01T03:00:00Z" },
    { key: "free", from: "2026-11-01T10:00:00Z", until: null },
    { key: "dnd", from: "2026-11-01T13:00:00Z", until: null },
    { key: "busy", from: "2026-10-01T00:00:00Z", until: "2026-10-31T23:00:00Z" },
  ];
  expect(shares(spans, from, to)).toEqual([
    { key: "free", seconds: 4 * 3600 },
    { key: "away", seconds: 3600 },
  ]);
});

test("a length is told in at most two units", () => {
  const parts = (seconds: number) => lengthParts(seconds).map(({ unit, n }) => `${n}${unit}`);
  expect(parts(59)).toEqual([]);
  expect(parts(3661)).toEqual(["1h", "1m"]);
  expect(parts(2 * 86_400 + 5 * 3600 + 59)).toEqual(["2d", "5h"]);
  expect(parts(86_400 + 300)).toEqual(["1d"]);
});
