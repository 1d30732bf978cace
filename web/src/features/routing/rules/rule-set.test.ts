import { describe, expect, it } from "vitest";
import { isGroup } from "./condition.ts";
import {
  copyOf,
  type EditedRule,
  editedRule,
  fallbackFaults,
  faultsOf,
  isChanged,
  missingIn,
  moved,
  newRule,
  noSettings,
  type RuleSet,
  rebased,
  refusedRules,
  remainingFaults,
  saved,
  targetOf,
  wireSet,
} from "./rule-set.ts";
import type { Attribute, Rule } from "./types.ts";

function rule(id: string, change: Partial<Rule> = {}): EditedRule {
  return editedRule(kept(id, change));
}

function kept(id: string, change: Partial<Rule> = {}): Rule {
  return {
    id,
    line_id: "line",
    name: id,
    enabled: true,
    position: 0,
    condition: { all: [{ field: "channel", operator: "in", value: ["chat"] }] },
    target: { kind: "invite_all" },
    overflow: null,
    auto_reply: null,
    set: noSettings,
    created_at: "2026-11-29T06:00:00Z",
    ...change,
  };
}

function setOf(...rules: EditedRule[]): RuleSet {
  return {
    rules,
    fallback: { target: { kind: "queue", group_id: null }, overflow: null, manager_first: false },
    version: 1,
  };
}

const names = (set: RuleSet) =>
  set.rules.map((each) => `${each.name}${each.id === null ? "*" : ""}`).join(" ");
describe("the edited rules of a line", () => {
  it("are unchanged until something would be saved", () => {
    const base = setOf(rule("a"), rule("b"));
    expect(isChanged(base, setOf(rule("a"), rule("b")))).toBe(false);
    expect(isChanged(base, setOf(rule("a"), rule("b"), { ...newRule("x"), deleted: true }))).toBe(false);
    expect(isChanged(base, setOf(rule("b"), rule("a")))).toBe(true);
    expect(isChanged(base, setOf({ ...rule("a"), enabled: false }, rule("b")))).toBe(true);
    expect(isChanged(base, setOf(rule("a"), { ...rule("b"), deleted: true }))).toBe(true);
    const fallback = { ...base.fallback, manager_first: true };
    expect(isChanged(base, { ...base, fallback })).toBe(true);
  });

  it("are sent as one set, over the version they were made from", () => {
    const base = { ...setOf(rule("a"), rule("b")), version: 7 };
    const sent = wireSet(base, setOf(newRule(" x  y "), { ...rule("a"), deleted: true }, rule("b")));
    expect(sent.version).toBe(7);
    expect(sent.rules.map(({ id, name }) => `${id} ${name}`)).toEqual(["null x y", "b b"]);
    expect(sent.default).toEqual(base.fallback);
  });

  it("keep a draft over what somebody else saved meanwhile", () => {
    const before = setOf(rule("a"), rule("b"), rule("c"));
    const draft = setOf(
      { ...rule("a"), name: "A" },
      rule("b"),
      { ...rule("c"), deleted: true },
      newRule("x"),
    );
    const now = setOf(rule("b", { name: "B" }), rule("a"), rule("c"), rule("d"));
    const after = rebased(draft, before, now);
    expect(names(after)).toBe("B A c x* d");
    expect(after.rules[2]?.deleted).toBe(true);
    expect(isChanged(now, after)).toBe(true);
  });

  it("keep what was written into a rule that somebody deleted", () => {
    const before = setOf(rule("a"), rule("b"));
    const draft = setOf({ ...rule("a"), name: "A" }, rule("b"));
    expect(names(rebased(draft, before, setOf()))).toBe("A*");
  });

  it("keep an order of their own", () => {
    const before = setOf(rule("a"), rule("b"), rule("c"));
    const draft = setOf(rule("c"), rule("a"), rule("b"));
    expect(names(rebased(draft, before, setOf(rule("b"), rule("a"), rule("c"), rule("d"))))).toBe("c a b d");
  });

  it("are the saved ones once they are saved, and keep what was edited meanwhile", () => {
    const fresh = { ...newRule("x"), uid: "x" };
    const sent = setOf(fresh, { ...rule("a"), name: "A" }, { ...rule("b"), deleted: true });
    const answer = [
      kept("1", { name: "x", condition: { all: [] }, target: { kind: "queue", group_id: null } }),
      kept("a", { name: "A" }),
    ];
    const done = saved(sent, sent, answer, 2);
    expect(isChanged(done.base, done.draft)).toBe(false);
    expect(done.base.version).toBe(2);
    expect(done.draft.rules.map(({ uid, id }) => `${uid} ${id}`)).toEqual(["x 1", "a a"]);
    const more = setOf({ ...fresh, name: "xx" }, ...sent.rules.slice(1), newRule("later"));
    expect(names(saved(more, sent, answer, 2).draft)).toBe("xx A later*");
  });

  it("are moved inside the list only", () => {
    expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b"], 1, 2)).toEqual(["a", "b"]);
  });
});

describe("a rule", () => {
  it("is told what is wrong where it is", () => {
    const one = rule("a", {
      condition: { any: [{ none: [{ field: "time", operator: "lte", value: "25:00" }] }] },
    });
    const test = one.condition.inner.flatMap((node) => (isGroup(node) ? node.inner : []))[0];
    const fields = {
      "rules[1].condition.any[0].none[0].value": "Нужно время",
      "rules[1].target.group_id": "Эта группа не работает на линии",
      "rules[1].set.skills[0]": "Нет такого навыка",
      "rules[2].name": "не сюда",
    };
    expect(faultsOf(fields, one, "rules[1].")).toEqual({
      [test?.uid ?? ""]: "Нужно время",
      target: "Эта группа не работает на линии",
      skills: "Нет такого навыка",
    });
  });

  it("is told apart from what becomes of the rest", () => {
    const fields = {
      "default.overflow.target.group_id": "нет",
      "default.target.user_id": "не он",
      "rules[0].name": "x",
    };
    expect(fallbackFaults(fields)).toEqual({ "overflow.target": "нет", target: "не он" });
  });

  it("is named when the server refuses to try it", () => {
    const refused = refusedRules({ "rules[1].condition.all[0].value": "Нужно время" }, [
      rule("a"),
      rule("b"),
    ]);
    expect(refused.map(({ rule: { name }, text }) => `${name}: ${text}`)).toEqual(["b: Нужно время"]);
    expect(refusedRules({ "message.text": "нет" }, [rule("a")])).toEqual([]);
  });

  it("is no longer told about what was corrected", () => {
    const one = rule("a");
    const faults = { name: "пусто", target: "нет", [one.condition.inner[0]?.uid ?? ""]: "не то" };
    const renamed = remainingFaults(faults, one, { ...one, name: "A" });
    expect(Object.values(renamed)).toEqual(["нет", "не то"]);
    const [test] = one.condition.inner;
    const condition = { ...one.condition, inner: [{ ...test, value: ["vk"] } as typeof test & object] };
    expect(Object.values(remainingFaults(faults, one, { ...one, condition }))).toEqual(["пусто", "нет"]);
  });

  it("says what is missing before the server is asked", () => {
    const attributes = [{ key: "channel", kind: "choice" }] as Attribute[];
    expect(missingIn(rule("a"), attributes)).toEqual({});
    const one = rule("a", {
      condition: { all: [{ any: [] }, { field: "channel", operator: "in", value: [] }] },
    });
    const [group, test] = one.condition.inner;
    expect(missingIn({ ...one, name: " ", target: { kind: "operator", user_id: "" } }, attributes)).toEqual({
      name: "name",
      target: "operator",
      [group?.uid ?? ""]: "empty",
      [test?.uid ?? ""]: "value",
    });
    const always = rule("a", { condition: { all: [] }, overflow: { minutes: 0, target: { kind: "bot" } } });
    expect(missingIn(always, attributes)).toEqual({ "overflow.minutes": "minutes" });
  });

  it("is copied switched off, with parts of its own", () => {
    const original = rule("a");
    const copy = copyOf(original, "a (копия)");
    expect(copy).toMatchObject({ id: null, enabled: false, name: "a (копия)" });
    expect(copy.condition.uid).not.toBe(original.condition.uid);
  });

  it("keeps its group under another target", () => {
    const group = targetOf("least_loaded", { kind: "queue", group_id: null }, ["g", "h"]);
    expect(group).toEqual({ kind: "least_loaded", group_id: "" });
    expect(targetOf("invite_group", { kind: "least_loaded", group_id: "h" }, ["g", "h"])).toEqual({
      kind: "invite_group",
      group_id: "h",
    });
    expect(targetOf("least_loaded", { kind: "bot" }, ["g"])).toEqual({ kind: "least_loaded", group_id: "g" });
  });
});
