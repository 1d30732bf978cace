import { describe, expect, it } from "vitest";
import { traceRows } from "./trace.ts";

function drawn(...tests: [string, boolean][]): string[] {
  const all = tests.map(([path, passed]) => ({
    path,
    passed,
    field: path,
    label: "",
    operator: "eq",
    expected: "",
    actual: "",
  }));
  return traceRows(all).map(
    (row) =>
      " ".repeat(row.depth) +
      (row.kind === "group" ? `${row.join}:` : `${row.good ? "+" : "-"}${row.test.path}`),
  );
}

describe("the tests of a verdict", () => {
  it("stand as they were asked", () => {
    expect(
      drawn(["all[0]", true], ["all[1].any[0]", false], ["all[1].any[1]", true], ["all[2]", false]),
    ).toEqual(["+all[0]", "any:", " -all[1].any[0]", " +all[1].any[1]", "-all[2]"]);
    expect(drawn(["", true])).toEqual(["+"]);
  });

  it("speak against a rule when they hold inside none of", () => {
    expect(drawn(["none[0]", true], ["none[1].none[0]", true])).toEqual([
      "none:",
      " -none[0]",
      " none:",
      "  +none[1].none[0]",
    ]);
  });
});
