// A condition as the editor holds it: a tree whose parts keep their names while they are moved. Pure.
export type Join = "all" | "any" | "none";

export interface TestNode {
  uid: string;
  field: string;
  operator: string;
  value: unknown;
}
export interface GroupNode {
  uid: string;
  join: Join;
  inner: Node[];
}
export type Node = TestNode | GroupNode;

/** Deeper trees the server refuses, and nobody reads. */
export const deepest = 8;

export const joins = ["all", "any", "none"] as const satisfies Join[];

let last = 0;
export function freshUid(): string {
  last += 1;
  return `n${last}`;
}

export function isGroup(node: Node): node is GroupNode {
  return "join" in node;
}

export function newGroup(join: Join = "all", inner: Node[] = []): GroupNode {
  return { uid: freshUid(), join, inner };
}

export function newTest(field: string, operator: string, value: unknown): TestNode {
  return { uid: freshUid(), field, operator, value };
}

/** A condition as the server keeps it; the root becomes a group, also when it is a single test. */
export function editedCondition(condition: unknown): GroupNode {
  const node = editedNode(condition);
  return isGroup(node) ? node : newGroup("all", [node]);
}

function editedNode(condition: unknown): Node {
  const object = (condition ?? {}) as Record<string, unknown>;
  for (const join of joins) {
    const inner = object[join];
    if (Array.isArray(inner)) return newGroup(join, inner.map(editedNode));
  }
  if (typeof object.field !== "string") return newGroup();
  return newTest(object.field, String(object.operator ?? ""), object.value ?? null);
}

/** The condition as the server takes it. */
export function plainCondition(node: Node): Record<string, unknown> {
  if (isGroup(node)) return { [node.join]: node.inner.map(plainCondition) };
  return { field: node.field, operator: node.operator, value: node.value };
}

/** The tree with new names for all its parts. */
export function copied(root: GroupNode): GroupNode {
  return editedCondition(plainCondition(root));
}

export function find(root: GroupNode, uid: string): Node | undefined {
  return [...walk(root)].find(({ node }) => node.uid === uid)?.node;
}

export interface Step {
  node: Node;
  parent: GroupNode | null;
  /** As complaints name it: `all[1].any[0]`; empty for the root. */
  place: string;
  depth: number;
}

/** Every part of the tree, from the top. */
export function* walk(node: Node, parent: GroupNode | null = null, place = "", depth = 0): Generator<Step> {
  yield { node, parent, place, depth };
  if (!isGroup(node)) return;
  for (const [index, one] of node.inner.entries()) {
    const dot = place === "" ? "" : `${place}.`;
    yield* walk(one, node, `${dot}${node.join}[${index}]`, depth + 1);
  }
}

/** The group and whatever it holds, with each group changed by `change`. */
function mapped(group: GroupNode, change: (group: GroupNode) => GroupNode): GroupNode {
  const inner = group.inner.map((one) => (isGroup(one) ? mapped(one, change) : one));
  return change({ ...group, inner });
}

export function inserted(root: GroupNode, into: string, node: Node, index?: number): GroupNode {
  return mapped(root, (group) =>
    group.uid === into
      ? { ...group, inner: group.inner.toSpliced(index ?? group.inner.length, 0, node) }
      : group,
  );
}

export function removed(root: GroupNode, uid: string): GroupNode {
  return mapped(root, (group) => ({ ...group, inner: group.inner.filter((one) => one.uid !== uid) }));
}

export function replaced(root: GroupNode, uid: string, by: Node): GroupNode {
  if (root.uid === uid) return isGroup(by) ? by : root;
  return mapped(root, (group) => ({
    ...group,
    inner: group.inner.map((one) => (one.uid === uid ? by : one)),
  }));
}

/** A part becomes the only one of a new group in its place. */
export function wrapped(root: GroupNode, uid: string): GroupNode {
  const node = find(root, uid);
  if (!node || node.uid === root.uid) return root;
  return replaced(root, uid, newGroup("any", [node]));
}

/** A group gives its parts to the group it stands in. */
export function unwrapped(root: GroupNode, uid: string): GroupNode {
  return mapped(root, (group) => ({
    ...group,
    inner: group.inner.flatMap((one) => (one.uid === uid && isGroup(one) ? one.inner : [one])),
  }));
}

/**
 * A part one step up or down, as in an outline: past a test, into a group that stands in the way, out of its own group at
 * the group's edge. The same tree when there is nowhere to go.
 */
export function shifted(root: GroupNode, uid: string, step: -1 | 1): GroupNode {
  const found = [...walk(root)].find(({ node }) => node.uid === uid);
  if (!found?.parent) return root;
  const { node, parent } = found;
  const index = parent.inner.indexOf(node);
  const neighbour = parent.inner[index + step];
  const without = removed(root, uid);
  if (neighbour && isGroup(neighbour) && found.depth + 1 + heightOf(node) <= deepest) {
    return inserted(without, neighbour.uid, node, step > 0 ? 0 : neighbour.inner.length);
  }
  if (neighbour) return inserted(without, parent.uid, node, index + step);
  const outer = [...walk(root)].find((one) => one.node.uid === parent.uid)?.parent;
  if (!outer) return root;
  const edge = outer.inner.indexOf(parent);
  return inserted(without, outer.uid, node, step > 0 ? edge + 1 : edge);
}

/** How many levels of groups it brings with it. */
function heightOf(node: Node): number {
  return isGroup(node) ? 1 + Math.max(0, ...node.inner.map(heightOf)) : 0;
}

/** Whether a step up or down would change anything. */
export function canShift(root: GroupNode, uid: string, step: -1 | 1): boolean {
  return shifted(root, uid, step) !== root;
}
