// What the pages of rules read. Keys: ["routing", "rules", line], ["routing", "attributes"], ["routing", "names", ...].
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type { Channel, Contact, Id, Items, Line, Operator, Page, SlaPolicy } from "@/api/types.ts";
import { editedRule, type RuleSet } from "./rule-set.ts";
import type { Attribute, Fallback, Rules, Skill } from "./types.ts";

/** The same place in the cache as the line's own page has. */
export const routedLineQuery = (id: Id) =>
  queryOptions({
    queryKey: ["admin", "lines", id],
    queryFn: ({ signal }) => get<Line>(`/lines/${id}`, undefined, signal),
  });

/** Everything the rules of a line are made of, as the editor holds it. */
export const ruleSetQuery = (id: Id) =>
  queryOptions({
    queryKey: ["routing", "rules", id] as const,
    queryFn: async ({ signal }): Promise<RuleSet> => {
      const [{ items, version }, fallback] = await Promise.all([
        get<Rules>(`/lines/${id}/routing-rules`, undefined, signal),
        get<Fallback>(`/lines/${id}/routing-default`, undefined, signal),
      ]);
      return { rules: items.map(editedRule), fallback, version };
    },
    // An edited set is compared with what was read: it is read anew only when something has changed.
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const attributesQuery = queryOptions({
  queryKey: ["routing", "attributes"] as const,
  queryFn: async ({ signal }) =>
    (await get<Items<Attribute>>("/routing/attributes", undefined, signal)).items,
});
export const skillsQuery = queryOptions({
  queryKey: ["routing", "skills"] as const,
  queryFn: async ({ signal }) => (await get<Items<Skill>>("/skills", undefined, signal)).items,
});

/** The same place in the cache as the pages of policies have. */
export const policiesQuery = queryOptions({
  queryKey: ["sla", "policies"],
  queryFn: ({ signal }) => get<Items<SlaPolicy>>("/sla-policies", undefined, signal),
  select: ({ items }) => items,
});

interface Named {
  id: Id;
  name: string;
}
const named = ({ id, name }: Named): Named => ({ id, name });

export const groupNamesQuery = queryOptions({
  queryKey: ["routing", "names", "groups"] as const,
  queryFn: async ({ signal }) => (await get<Items<Named>>("/groups", undefined, signal)).items.map(named),
});
export const operatorNamesQuery = queryOptions({
  queryKey: ["routing", "names", "operators"] as const,
  queryFn: async ({ signal }) => (await get<Items<Operator>>("/operators", undefined, signal)).items,
});
export const channelNamesQuery = queryOptions({
  queryKey: ["routing", "names", "channels"] as const,
  queryFn: async ({ signal }) => (await get<Items<Channel>>("/channels", undefined, signal)).items,
});
export const contactNameQuery = (id: Id) =>
  queryOptions({
    queryKey: ["routing", "names", "contact", id] as const,
    queryFn: async ({ signal }) => named(await get<Contact>(`/contacts/${id}`, undefined, signal)),
  });
export const contactSearchQuery = (line: Id, search: string) =>
  queryOptions({
    queryKey: ["routing", "names", "contacts", line, search] as const,
    queryFn: async ({ signal }) =>
      (await get<Page<Named>>(`/lines/${line}/clients`, { search, limit: 20 }, signal)).items.map(named),
  });
export const companySearchQuery = (search: string) =>
  queryOptions({
    queryKey: ["routing", "names", "companies", "search", search] as const,
    queryFn: async ({ signal }) =>
      (await get<Page<Named>>("/companies", { search, limit: 20 }, signal)).items.map(named),
  });

const mostPages = 20;

/** Companies have no card of their own to ask for: the list is read until all of these are found. */
export const companyNamesQuery = (ids: Id[]) =>
  queryOptions({
    queryKey: ["routing", "names", "companies", "of", ids] as const,
    queryFn: async ({ signal }) => {
      const found: Named[] = [];
      let after: string | null = null;
      for (let page = 0; page < mostPages; page += 1) {
        const read: Page<Named> = await get("/companies", { limit: 100, after }, signal);
        found.push(...read.items.filter(({ id }) => ids.includes(id)).map(named));
        after = read.next;
        if (after === null || found.length === ids.length) break;
      }
      return found;
    },
  });
