import { describe, expect, it } from "vitest";
import { scrollStep } from "./use-drag.ts";

describe("a row dragged to the edge", () => {
  it("scrolls the list, faster nearer to the edge, and not in the middle", () => {
    const box = { top: 100, bottom: 900 };
    expect(scrollStep(500, box)).toBe(0);
    expect(scrollStep(160, box)).toBe(-1);
    expect(scrollStep(100, box)).toBe(-11);
    expect(scrollStep(0, box)).toBe(-11);
    expect(scrollStep(899, box)).toBe(11);
  });
});
