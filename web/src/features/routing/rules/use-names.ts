// What the ids in conditions and targets are called.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useCan } from "@/api/me.ts";
import { isGroup, walk } from "./condition.ts";
import {
  attributesQuery,
  channelNamesQuery,
  companyNamesQuery,
  contactNameQuery,
  groupNamesQuery,
  operatorNamesQuery,
} from "./queries.ts";
import type { EditedRule } from "./rule-set.ts";
import type { Attribute } from "./types.ts";

export type Names = ReadonlyMap<string, string>;

export function useNames(rules: readonly EditedRule[]): Names {
  const can = useCan();
  const { data: attributes = [] } = useQuery(attributesQuery);
  const groups = useQuery(groupNamesQuery);
  const operators = useQuery(operatorNamesQuery);
  const channels = useQuery({ ...channelNamesQuery, enabled: can("channels.manage") });
  const wanted = idsIn(rules, attributes, "contacts").slice(0, 100);
  const contacts = useQueries({
    queries: wanted.map((id) => ({ ...contactNameQuery(id), enabled: can("contacts.view"), retry: false })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
  const companyIds = idsIn(rules, attributes, "companies");
  const companies = useQuery({
    ...companyNamesQuery(companyIds),
    enabled: companyIds.length > 0 && can("contacts.view"),
  });
  return useMemo(() => {
    const known = [groups.data, operators.data, channels.data, contacts, companies.data];
    return new Map(known.flatMap((list) => (list ?? []).map(({ id, name }) => [id, name] as const)));
  }, [groups.data, operators.data, channels.data, contacts, companies.data]);
}

/** The ids of one kind that the conditions ask for. */
function idsIn(
  rules: readonly EditedRule[],
  attributes: readonly Attribute[],
  source: Attribute["source"],
): string[] {
  const fields = new Set(attributes.filter((each) => each.source === source).map(({ key }) => key));
  const found = new Set<string>();
  for (const rule of rules) {
    for (const { node } of walk(rule.condition)) {
      if (isGroup(node) || !fields.has(node.field)) continue;
      for (const id of [node.value].flat()) if (typeof id === "string" && id !== "") found.add(id);
    }
  }
  return [...found].sort();
}
