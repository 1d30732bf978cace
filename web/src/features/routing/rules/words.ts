// A rule in plain words: what it asks, and where it sends. Pure.
import type { TFunction } from "i18next";
import type { Locale } from "@/api/types.ts";
import { type GroupNode, isGroup, type Node, type TestNode } from "./condition.ts";
import type { Attribute, Target, Verdict } from "./types.ts";
import { isMissing, shapeOf } from "./values.ts";

export interface Speech {
  t: TFunction;
  locale: Locale;
  attributes: readonly Attribute[];
  names: ReadonlyMap<string, string>;
}

/** Operators of one family are called alike. */
export type Family = "text" | "number" | "moment" | "choice";

export function familyOf(kind: string): Family {
  if (kind === "number") return "number";
  if (kind === "time" || kind === "date") return "moment";
  return kind === "text" ? "text" : "choice";
}

/** "Канал: Telegram и (Время: не позже 13:00 или Категория клиента: VIP)"; empty for a condition that always holds. */
export function conditionWords(group: GroupNode, speech: Speech): string {
  return said(group, speech, true);
}

function said(node: Node, speech: Speech, outermost: boolean): string {
  if (!isGroup(node)) return testWords(node, speech);
  const { t } = speech;
  const parts = node.inner.map((one) => said(one, speech, node.inner.length === 1 && node.join !== "none"));
  if (node.join === "none") {
    const inside = parts.join(t("rules:said.or"));
    return parts.length === 0 ? "" : t("rules:said.none", { inside });
  }
  const joined = parts.join(node.join === "any" ? t("rules:said.or") : t("rules:said.and"));
  return outermost || parts.length < 2 ? joined : `(${joined})`;
}

export function testWords(test: TestNode, speech: Speech): string {
  const { t, attributes } = speech;
  const attribute = attributes.find(({ key }) => key === test.field);
  const label = attribute?.words ?? (test.field || t("rules:said.something"));
  const kind = attribute?.kind ?? "text";
  if (test.field === "" || isMissing(kind, test)) return `${label}: …`;
  return `${label}: ${comparison(test, kind, attribute, speech)}`;
}

function comparison(
  { operator, value }: TestNode,
  kind: string,
  attribute: Attribute | undefined,
  speech: Speech,
) {
  const { t } = speech;
  const word = (each: unknown) => valueWords(each, kind, attribute, speech);
  const key = `rules:said.${familyOf(kind)}.${operator}`;
  if (shapeOf(kind, operator) === "two" && Array.isArray(value)) {
    return t(key, { from: word(value[0]), to: word(value[1]) });
  }
  const values = [value].flat().map(word);
  const every = operator === "contains_all" ? "and" : operator.startsWith("not_") ? "comma" : "or";
  return t(key, { values: values.join(t(`rules:said.${every}`)) });
}

/** What a test of a verdict wants, with its comparison: the server says the values. */
export function expectedWords(
  { field, operator, expected }: Pick<Verdict["tests"][number], "field" | "operator" | "expected">,
  attributes: readonly Attribute[],
  t: TFunction,
): string {
  const kind = attributes.find(({ key }) => key === field)?.kind;
  if (kind === undefined || kind === "bool" || operator === "between") return expected;
  return t(`rules:said.${familyOf(kind)}.${operator}`, { values: expected });
}

/** One value as people write it. */
function valueWords(value: unknown, kind: string, attribute: Attribute | undefined, speech: Speech): string {
  const { t, locale, names } = speech;
  if (typeof value === "boolean") return t(value ? "rules:said.yes" : "rules:said.no");
  const text = String(value ?? "");
  if (kind === "id") return names.get(text) ?? t("rules:said.unknown");
  if (kind === "choice") return attribute?.options.find((each) => each.value === text)?.label ?? text;
  if (kind === "date") return dateWords(text, locale);
  return kind === "text" ? t("rules:said.quoted", { text }) : text;
}

export function dateWords(date: string, locale: Locale): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at)) return date;
  const options = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(locale === "ru" ? "ru-RU" : "en-GB", options).format(at);
}

export function targetWords(target: Target, { t, names }: Pick<Speech, "t" | "names">): string {
  const name = (id: string) => (id === "" ? "…" : (names.get(id) ?? t("rules:said.unknown")));
  switch (target.kind) {
    case "least_loaded":
    case "invite_group":
      return t(`rules:to.${target.kind}`, { group: name(target.group_id) });
    case "operator":
      return t("rules:to.operator", { user: name(target.user_id) });
    case "queue":
      return target.group_id
        ? t("rules:to.queue_group", { group: name(target.group_id) })
        : t("rules:to.queue");
    default:
      return t(`rules:to.${target.kind}`);
  }
}
