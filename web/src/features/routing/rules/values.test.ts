import { describe, expect, it } from "vitest";
import { firstTest, fitted, isMissing, shapeOf } from "./values.ts";

describe("what a test compares with", () => {
  it("has the shape its operator wants", () => {
    expect(shapeOf("text", "contains")).toBe("list");
    expect(shapeOf("text", "eq")).toBe("one");
    expect(shapeOf("choice", "in")).toBe("list");
    expect(shapeOf("time", "between")).toBe("two");
    expect(shapeOf("id", "empty")).toBe("nothing");
  });

  it("keeps what makes sense under another operator", () => {
    expect(fitted("text", "contains", "цена")).toEqual(["цена"]);
    expect(fitted("text", "eq", ["цена", "счёт"])).toBe("цена");
    expect(fitted("time", "between", "09:00")).toEqual(["09:00", null]);
    expect(fitted("time", "lte", ["09:00", "18:00"])).toBe("09:00");
    expect(fitted("text", "empty", ["цена"])).toBeNull();
    expect(fitted("choice", "in", null)).toEqual([]);
  });

  it("begins with something sensible", () => {
    const attribute = (kind: string, operators: string[]) => ({ kind, operators, options: [] });
    expect(firstTest(attribute("text", ["contains", "empty"]))).toEqual({ operator: "contains", value: [] });
    expect(firstTest(attribute("choice", ["eq", "ne", "in"]))).toEqual({ operator: "in", value: [] });
    expect(firstTest(attribute("bool", ["eq"]))).toEqual({ operator: "eq", value: true });
    expect(firstTest(attribute("number", ["eq", "lt"]))).toEqual({ operator: "eq", value: null });
  });

  it("is missing until all of it is there", () => {
    expect(isMissing("text", { operator: "contains", value: [] })).toBe(true);
    expect(isMissing("text", { operator: "contains", value: ["цена"] })).toBe(false);
    expect(isMissing("time", { operator: "between", value: ["09:00", null] })).toBe(true);
    expect(isMissing("bool", { operator: "eq", value: false })).toBe(false);
    expect(isMissing("number", { operator: "eq", value: 0 })).toBe(false);
    expect(isMissing("id", { operator: "empty", value: null })).toBe(false);
  });
});
