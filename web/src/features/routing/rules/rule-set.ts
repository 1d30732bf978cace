// The rules of a line as they are edited: what differs from what is saved, and what the server is sent. Pure.
import {
  copied,
  deepest,
  editedCondition,
  find,
  freshUid,
  type GroupNode,
  isGroup,
  newGroup,
  plainCondition,
  walk,
} from "./condition.ts";
import type { Attribute, Fallback, NewRule, Overflow, Rule, Settings, Target, TargetKind } from "./types.ts";
import { isMissing } from "./values.ts";

export interface EditedRule {
  /** Stays the same while the rule is renamed, moved and saved. */
  uid: string;
  /** Null: not saved yet. */
  id: string | null;
  name: string;
  enabled: boolean;
  condition: GroupNode;
  target: Target;
  overflow: Overflow | null;
  auto_reply: { text: string } | null;
  set: Settings;
  /** Is to go when the changes are saved. */
  deleted: boolean;
}

export interface RuleSet {
  rules: EditedRule[];
  fallback: Fallback;
  /** Of the saved set this one was made from. */
  version: number;
}

export const noSettings: Settings = { priority: null, subject: null, skills: [], policy_id: null };

export const targetKinds = [
  "least_loaded",
  "invite_group",
  "invite_all",
  "operator",
  "last_operator",
  "manager",
  "bot",
  "queue",
] as const satisfies TargetKind[];

/** A rule as it came from the server. Its uid is its id, so that a list read again keeps what is open. */
export function editedRule(rule: Rule): EditedRule {
  const { id, name, enabled, target, overflow, auto_reply } = rule;
  return {
    uid: id,
    id,
    name,
    enabled,
    condition: editedCondition(rule.condition),
    target: { ...target },
    overflow,
    auto_reply: auto_reply ? { text: auto_reply.text } : null,
    set: { ...noSettings, ...rule.set },
    deleted: false,
  };
}

export function newRule(name: string): EditedRule {
  return {
    uid: freshUid(),
    id: null,
    name,
    enabled: true,
    condition: newGroup(),
    target: { kind: "queue", group_id: null },
    overflow: null,
    auto_reply: null,
    set: noSettings,
    deleted: false,
  };
}

/** A switched-off copy, as the server makes them too. */
export function copyOf(rule: EditedRule, name: string): EditedRule {
  return {
    ...rule,
    uid: freshUid(),
    id: null,
    name: name.slice(0, 200),
    enabled: false,
    condition: copied(rule.condition),
  };
}

/** The rule as the server takes it. */
export function wireRule(rule: EditedRule): NewRule {
  const { enabled, target, overflow, auto_reply, set } = rule;
  // As the server keeps it.
  const name = rule.name.split(/\s+/).filter(Boolean).join(" ");
  return { name, enabled, condition: plainCondition(rule.condition), target, overflow, auto_reply, set };
}

/** What is sent to be tried: every rule that would stay, from the top. */
export function triedRules(set: RuleSet) {
  return remaining(set).map((rule) => ({ id: rule.id, ...wireRule(rule) }));
}

export function remaining(set: RuleSet): EditedRule[] {
  return set.rules.filter((rule) => !rule.deleted);
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What of a rule differs from what is saved. */
export function changeOf(base: RuleSet, rule: EditedRule): Partial<NewRule> {
  const saved = base.rules.find((each) => each.id !== null && each.id === rule.id);
  const now = wireRule(rule);
  if (!saved) return now;
  const then = wireRule(saved);
  const keys = (Object.keys(now) as (keyof NewRule)[]).filter((key) => !same(now[key], then[key]));
  return Object.fromEntries(keys.map((key) => [key, now[key]]));
}

/** Whether there is anything to save. */
export function isChanged(base: RuleSet, draft: RuleSet): boolean {
  return !same(triedRules(base), triedRules(draft)) || !same(base.fallback, draft.fallback);
}

/** The whole set as the server saves it, over the version it was made from. */
export function wireSet(base: RuleSet, draft: RuleSet) {
  return { version: base.version, rules: triedRules(draft), default: draft.fallback };
}

/** What is saved and what is edited. */
export interface Edits {
  base: RuleSet;
  draft: RuleSet;
}

/** After `sent` was saved: its rules have ids now, and what was edited meanwhile stays edited. */
export function saved(draft: RuleSet, sent: RuleSet, rules: Rule[], version: number): Edits {
  const ids = new Map(remaining(sent).map((rule, index) => [rule.uid, rules[index]?.id ?? null]));
  const known = (set: RuleSet): RuleSet => ({
    ...set,
    rules: set.rules.map((rule) => ({ ...rule, id: rule.id ?? ids.get(rule.uid) ?? null })),
  });
  const base = { rules: rules.map(editedRule), fallback: sent.fallback, version };
  return { base, draft: rebased(known(draft), known(sent), base) };
}

/** The draft over what is saved by now, when somebody else, or a step of saving, has changed that. */
export function rebased(draft: RuleSet, before: RuleSet, now: RuleSet): RuleSet {
  const known = (set: RuleSet, id: string | null) =>
    set.rules.find((each) => each.id !== null && each.id === id);
  const touched = (rule: EditedRule) => rule.deleted || Object.keys(changeOf(before, rule)).length > 0;
  const kept = draft.rules.flatMap((rule): EditedRule[] => {
    const fresh = known(now, rule.id);
    if (rule.id === null) return [rule];
    // Somebody deleted it: what was written into it meanwhile is not lost.
    if (!fresh) return touched(rule) && !rule.deleted ? [{ ...rule, id: null }] : [];
    return [touched(rule) ? rule : { ...fresh, uid: rule.uid }];
  });
  const added = now.rules.filter((rule) => !known(draft, rule.id) && !known(before, rule.id));
  const ids = (set: RuleSet) => set.rules.map((rule) => rule.id).filter((id) => id !== null);
  const rules = [...kept, ...added];
  if (same(ids(draft), ids(before))) {
    const place = new Map(ids(now).map((id, index) => [id, index]));
    const order = rules.map((rule, index) => (rule.id === null ? index : (place.get(rule.id) ?? index)));
    const sorted = rules.map((rule, index) => ({ rule, at: order[index] ?? index, index }));
    sorted.sort((a, b) => a.at - b.at || a.index - b.index);
    rules.splice(0, rules.length, ...sorted.map(({ rule }) => rule));
  }
  return {
    rules,
    fallback: same(draft.fallback, before.fallback) ? now.fallback : draft.fallback,
    version: now.version,
  };
}

/** `list` with the item at `from` moved to `to`; the same list when that is outside. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  if (to < 0 || to >= list.length) return next;
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

/** Complaints about a rule: by the part of the rule, or by the uid of the part of its condition. */
export type Faults = Record<string, string>;

/** Where the server's complaints belong: "condition.all[1].value" -> the second part of the condition. */
export function faultsOf(fields: Record<string, string>, rule: EditedRule, prefix = ""): Faults {
  const faults: Faults = {};
  for (const [field, text] of Object.entries(fields)) {
    if (!field.startsWith(prefix)) continue;
    const path = field.slice(prefix.length);
    faults[keyOf(path, rule)] ??= text;
  }
  return faults;
}

function keyOf(path: string, rule: EditedRule): string {
  if (path.startsWith("condition")) {
    const place = path.replace(/^condition\.?/, "").replace(/\.?(field|operator|value)$/, "");
    for (const step of walk(rule.condition)) if (step.place === place) return step.node.uid;
    return rule.condition.uid;
  }
  if (path.startsWith("target")) return "target";
  if (path.startsWith("overflow.target")) return "overflow.target";
  if (path.startsWith("overflow")) return "overflow.minutes";
  if (path.startsWith("auto_reply")) return "auto_reply";
  if (path.startsWith("set.skills")) return "skills";
  if (path.startsWith("set.policy_id")) return "policy";
  if (path.startsWith("set")) return "subject";
  return "name";
}

/** Rules that the server refuses to try, each with its first complaint. `sent` are those that were sent, in their order. */
export function refusedRules(fields: Record<string, string>, sent: readonly EditedRule[]) {
  const found = sent.map((rule, index) => {
    const [text] = Object.values(faultsOf(fields, rule, `rules[${index}].`));
    return { rule, text };
  });
  return found.filter(({ text }) => text !== undefined);
}

/** The complaints that are still true after the rule was changed. */
export function remainingFaults(faults: Faults, old: EditedRule, next: EditedRule): Faults {
  const untouched = (key: string) => {
    if (key === "name" || key === "target" || key === "auto_reply") return old[key] === next[key];
    if (key.startsWith("overflow")) return old.overflow === next.overflow;
    if (key === "subject" || key === "skills" || key === "policy") return old.set === next.set;
    return old.condition === next.condition || find(old.condition, key) === find(next.condition, key);
  };
  return Object.fromEntries(Object.entries(faults).filter(([key]) => untouched(key)));
}

/** The server's complaints about what becomes of the rest: those under "default". */
export function fallbackFaults(fields: Record<string, string>): Faults {
  const key = (field: string) =>
    field.startsWith("default.overflow.target")
      ? "overflow.target"
      : field.startsWith("default.overflow")
        ? "overflow.minutes"
        : "target";
  const own = Object.entries(fields).filter(([field]) => field.startsWith("default."));
  return Object.fromEntries(own.map(([field, text]) => [key(field), text]));
}

/** What has to be filled in before the server is asked; the words are `rules:missing.*`. */
export type Missing =
  | "name"
  | "field"
  | "value"
  | "group"
  | "operator"
  | "minutes"
  | "text"
  | "empty"
  | "deep";

export function missingIn(rule: EditedRule, attributes: readonly Attribute[]): Record<string, Missing> {
  const found: Record<string, Missing> = {};
  if (rule.name.trim() === "") found.name = "name";
  for (const { node, parent, depth } of walk(rule.condition)) {
    if (isGroup(node)) {
      // An empty condition always holds; an empty "at least one of" never would.
      if (node.inner.length === 0 && (parent || node.join !== "all")) found[node.uid] = "empty";
      if (depth > deepest) found[node.uid] = "deep";
      continue;
    }
    const attribute = attributes.find((each) => each.key === node.field);
    if (node.field === "") found[node.uid] = "field";
    else if (attribute && isMissing(attribute.kind, node)) found[node.uid] = "value";
    else if (depth > deepest) found[node.uid] = "deep";
  }
  const target = missingTarget(rule.target);
  if (target) found.target = target;
  Object.assign(found, missingOverflow(rule.overflow));
  if (rule.auto_reply && rule.auto_reply.text.trim() === "") found.auto_reply = "text";
  return found;
}

export function missingTarget(target: Target): Missing | null {
  if (target.kind === "operator") return target.user_id === "" ? "operator" : null;
  if (target.kind === "least_loaded" || target.kind === "invite_group")
    return target.group_id === "" ? "group" : null;
  return null;
}

export function missingOverflow(overflow: Overflow | null): Record<string, Missing> {
  if (!overflow) return {};
  const found: Record<string, Missing> = {};
  if (!(overflow.minutes >= 1 && overflow.minutes <= 10_080)) found["overflow.minutes"] = "minutes";
  const target = missingTarget(overflow.target);
  if (target) found["overflow.target"] = target;
  return found;
}

/** A target of another kind: keeps the group, takes the only one there is. */
export function targetOf(kind: TargetKind, old: Target, groups: readonly string[]): Target {
  const only = groups.length === 1 ? groups[0] : undefined;
  const group_id = ("group_id" in old ? old.group_id : null) ?? only ?? "";
  switch (kind) {
    case "least_loaded":
    case "invite_group":
      return { kind, group_id };
    case "operator":
      return { kind, user_id: old.kind === "operator" ? old.user_id : "" };
    case "queue":
      return { kind, group_id: null };
    default:
      return { kind };
  }
}
