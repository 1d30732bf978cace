import { describe, expect, it } from "vitest";
import { follow, isSwipeBack } from "./swipe.ts";

const start = { x: 20, y: 300, at: 0 };
const to = (x: number, y = 300, at = 200) => ({ x, y, at });

describe("a swipe back", () => {
  it("goes far enough to the right, straight and fast", () => {
    expect(isSwipeBack(start, to(110))).toBe(true);
    expect(isSwipeBack(start, to(110, 330))).toBe(true);
    expect(isSwipeBack(start, to(60))).toBe(false);
    expect(isSwipeBack(start, to(110, 400))).toBe(false);
    expect(isSwipeBack(start, to(110, 300, 900))).toBe(false);
    expect(isSwipeBack({ ...start, x: 200 }, to(60))).toBe(false);
  });

  it("the page follows the finger to the right only", () => {
    expect(follow(start, to(80))).toBeGreaterThan(0);
    expect(follow(start, to(0))).toBe(0);
    expect(follow(start, to(40, 400))).toBe(0);
    expect(follow(start, to(600))).toBe(64);
  });
});
