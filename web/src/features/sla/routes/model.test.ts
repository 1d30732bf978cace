import { describe, expect, test } from "vitest";
import { emptyStage, inMode, moved } from "./model.ts";

const stage = (name: string, parallel = false) => ({ ...emptyStage, name, parallel });
const names = (stages: { name: string }[]) => stages.map(({ name }) => name).join("");

describe("stages of a route", () => {
  test("change places, and the first runs with nothing", () => {
    const stages = [stage("a"), stage("b", true), stage("c")];
    expect(names(moved(stages, 2, 0))).toBe("cab");
    const next = moved(stages, 1, 0);
    expect(names(next)).toBe("bac");
    expect(next[0]?.parallel).toBe(false);
  });

  test("run one after the other when the ticket itself goes", () => {
    const route = { mode: "task" as const, stages: [stage("a"), stage("b", true)] };
    expect(inMode(route, "ticket").stages[1]?.parallel).toBe(false);
    expect(inMode(route, "task")).toEqual(route);
  });
});
