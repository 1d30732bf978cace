import { expect, test } from "vitest";
import { edge, pull } from "./touch-drag.ts";

test("the middle stays, the edges pull, faster the nearer they are", () => {
  expect(pull(500, 0, 1000)).toBe(0);
  expect(pull(edge, 0, 1000)).toBe(0);
  expect(pull(edge - 1, 0, 1000)).toBe(-1);
  expect(pull(0, 0, 1000)).toBe(-14);
  expect(pull(-50, 0, 1000)).toBe(-14);
  expect(pull(1000, 0, 1000)).toBe(14);
  expect(pull(1000 - edge / 2, 0, 1000)).toBe(7);
});

test("a small box has a middle too", () => {
  expect(pull(45, 0, 90)).toBe(0);
  expect(pull(5, 5, 5)).toBe(0);
});
