import { describe, expect, it } from "vitest";
import {
  canShift,
  copied,
  editedCondition,
  type GroupNode,
  inserted,
  isGroup,
  newTest,
  plainCondition,
  removed,
  replaced,
  shifted,
  unwrapped,
  walk,
  wrapped,
} from "./condition.ts";

const test = (field: string) => ({ field, operator: "eq", value: field });
const tree = { all: [test("a"), { any: [test("b"), { none: [test("c")] }] }, test("d")] };

/** The tree as "all(a any(b none(c)) d)". */
function drawn(node: GroupNode): string {
  const parts = node.inner.map((one) => (isGroup(one) ? drawn(one) : one.field));
  return `${node.join}(${parts.join(" ")})`;
}

function uid(root: GroupNode, what: string): string {
  for (const { node, place } of walk(root)) {
    if (place === what || (!isGroup(node) && node.field === what)) return node.uid;
  }
  throw new Error(what);
}

describe("a condition in the editor", () => {
  it("comes back as it was", () => {
    expect(plainCondition(editedCondition(tree))).toEqual(tree);
    expect(plainCondition(editedCondition(test("a")))).toEqual({ all: [test("a")] });
    expect(plainCondition(editedCondition({ all: [] }))).toEqual({ all: [] });
  });

  it("names its parts as the server does", () => {
    const places = [...walk(editedCondition(tree))].map(({ place }) => place);
    expect(places).toEqual([
      "",
      "all[0]",
      "all[1]",
      "all[1].any[0]",
      "all[1].any[1]",
      "all[1].any[1].none[0]",
      "all[2]",
    ]);
  });

  it("takes, replaces and loses parts", () => {
    const root = editedCondition(tree);
    expect(drawn(inserted(root, uid(root, "all[1]"), newTest("e", "eq", 1)))).toBe(
      "all(a any(b none(c) e) d)",
    );
    expect(drawn(removed(root, uid(root, "all[1]")))).toBe("all(a d)");
    expect(drawn(removed(root, uid(root, "c")))).toBe("all(a any(b none()) d)");
    expect(drawn(replaced(root, uid(root, "d"), newTest("f", "eq", 1)))).toBe("all(a any(b none(c)) f)");
    expect(drawn(replaced(root, root.uid, { ...root, join: "any" }))).toBe("any(a any(b none(c)) d)");
  });

  it("wraps a part in a group and takes the group away", () => {
    const root = editedCondition(tree);
    const deeper = wrapped(root, uid(root, "d"));
    expect(drawn(deeper)).toBe("all(a any(b none(c)) any(d))");
    expect(drawn(unwrapped(deeper, uid(deeper, "all[2]")))).toBe("all(a any(b none(c)) d)");
    expect(drawn(unwrapped(root, uid(root, "all[1]")))).toBe("all(a b none(c) d)");
  });

  it("walks a part through the tree, step by step and back", () => {
    let root = editedCondition(tree);
    const a = uid(root, "a");
    const seen = [drawn(root)];
    while (canShift(root, a, 1)) {
      root = shifted(root, a, 1);
      seen.push(drawn(root));
    }
    expect(seen).toEqual([
      "all(a any(b none(c)) d)",
      "all(any(a b none(c)) d)",
      "all(any(b a none(c)) d)",
      "all(any(b none(a c)) d)",
      "all(any(b none(c a)) d)",
      "all(any(b none(c) a) d)",
      "all(any(b none(c)) a d)",
      "all(any(b none(c)) d a)",
    ]);
    while (canShift(root, a, -1)) root = shifted(root, a, -1);
    expect(drawn(root)).toBe("all(a any(b none(c)) d)");
  });

  it("moves a group past others, and never into itself", () => {
    const root = editedCondition({ all: [{ any: [test("a")] }, test("b")] });
    expect(drawn(shifted(root, uid(root, "all[0]"), 1))).toBe("all(b any(a))");
    expect(shifted(root, root.uid, 1)).toBe(root);
  });

  it("is not carried deeper than the server reads", () => {
    let deep: object = test("x");
    for (let level = 0; level < 7; level += 1) deep = { all: [deep] };
    const root = editedCondition({ all: [{ any: [test("a")] }, deep] });
    const moved = shifted(root, uid(root, "all[0]"), 1);
    expect(Math.max(...[...walk(moved)].map(({ depth }) => depth))).toBeLessThanOrEqual(8);
  });

  it("gives a copy names of its own", () => {
    const root = editedCondition(tree);
    const copy = copied(root);
    expect(plainCondition(copy)).toEqual(tree);
    const names = new Set([...walk(root), ...walk(copy)].map(({ node }) => node.uid));
    expect(names.size).toBe(14);
  });
});
