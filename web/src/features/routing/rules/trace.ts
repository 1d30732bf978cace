// The tests of a verdict as the tree they come from: which groups they stand in, and whether each speaks for the rule. Pure.
import { type Join, joins } from "./condition.ts";
import type { Verdict } from "./types.ts";

type TracedTest = Verdict["tests"][number];

export type TraceRow =
  | { kind: "group"; join: Join; depth: number; key: string }
  /** `good`: it holds where it should, or does not where it should not. */
  | { kind: "test"; test: TracedTest; good: boolean; depth: number; key: string };

/** "all[1].none[0]" -> the joins on the way and the groups' own places. */
function groupsOf(path: string): { join: Join; place: string }[] {
  const steps = path === "" ? [] : path.split(".");
  return steps.flatMap((step, index) => {
    const join = joins.find((each) => step.startsWith(`${each}[`));
    return join ? [{ join, place: [...steps.slice(0, index), join].join(".") }] : [];
  });
}

/** A group is named before its first test; the outermost one only when it is not "all". */
export function traceRows(tests: readonly TracedTest[]): TraceRow[] {
  const rows: TraceRow[] = [];
  const named = new Set<string>();
  for (const test of tests) {
    const groups = groupsOf(test.path);
    const shown = groups.filter(({ join, place }) => place !== "all" || join !== "all");
    for (const [depth, { join, place }] of shown.entries()) {
      if (named.has(place)) continue;
      named.add(place);
      rows.push({ kind: "group", join, depth, key: place });
    }
    const turned = groups.filter(({ join }) => join === "none").length % 2 === 1;
    rows.push({
      kind: "test",
      test,
      good: test.passed !== turned,
      depth: shown.length,
      key: test.path || "test",
    });
  }
  return rows;
}
