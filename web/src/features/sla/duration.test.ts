import { expect, test } from "vitest";
import { secondsOf, shownUnit, unitOf } from "./duration.ts";

test("a length is told in the largest whole unit", () => {
  expect(unitOf(45)).toBe("s");
  expect(unitOf(5400)).toBe("m");
  expect(unitOf(28_800)).toBe("h");
  expect(unitOf(172_800)).toBe("d");
  expect(unitOf(0)).toBe("h");
});

test("a chosen unit stays while it can tell the length", () => {
  expect(shownUnit(3600, "m")).toBe("m");
  expect(shownUnit(5400, "h")).toBe("m");
  expect(shownUnit(0, "s")).toBe("s");
  expect(shownUnit(3600, null)).toBe("h");
});

test("what is typed becomes seconds, and nothing typed is no length", () => {
  expect(secondsOf(90, "m")).toBe(5400);
  expect(secondsOf("2", "d")).toBe(172_800);
  expect(secondsOf("", "h")).toBe(0);
  expect(secondsOf("-", "h")).toBe(0);
  expect(secondsOf(-3, "h")).toBe(0);
});
