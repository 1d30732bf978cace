import { expect, test } from "vitest";
import { orderLines, partLeft, secondsLeft, wait } from "./logic.ts";
import type { LineNow } from "./types.ts";

const offer = { offered_at: "2026-01-01T10:00:00Z", expires_at: "2026-01-01T10:00:40Z" };
const at = (text: string) => Date.parse(text);

test("an offer runs from whole to nothing and stays there", () => {
  expect(partLeft(offer, at("2026-01-01T10:00:00Z"))).toBe(1);
  expect(partLeft(offer, at("2026-01-01T10:00:30Z"))).toBe(0.25);
  expect(partLeft(offer, at("2026-01-01T10:05:00Z"))).toBe(0);
  // A browser whose clock is behind the server's.
  expect(partLeft(offer, at("2026-01-01T09:59:00Z"))).toBe(1);
  expect(secondsLeft(offer, at("2026-01-01T10:00:39.400Z"))).toBe(1);
  expect(secondsLeft(offer, at("2026-01-01T10:01:00Z"))).toBe(0);
});

test("a wait reads as a clock", () => {
  expect([7, 750, 3909, -1].map(wait)).toEqual(["0:07", "12:30", "1:05:09", "0:00"]);
});

test("the line with the longest wait stands first, quiet ones by name", () => {
  const line = (name: string, longest: number | null) =>
    ({ line: { id: name, name }, longest_wait_seconds: longest }) as LineNow;
  const names = orderLines([line("Б", null), line("В", 5), line("А", null), line("Г", 90)]).map(
    (each) => each.line.name,
  );
  expect(names).toEqual(["Г", "В", "А", "Б"]);
});
