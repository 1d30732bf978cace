// The permissions of an API token, put into groups for the tick list.
// Invariant: nothing the person may do is missing; a permission this build does not know lands in the last group.

export const scopeGroups = ["conversations", "clients", "administration", "other"] as const;
export type ScopeGroup = (typeof scopeGroups)[number];

const groupOf: Record<string, ScopeGroup> = {
  conversations: "conversations",
  canned_replies: "conversations",
  contacts: "clients",
  tickets: "clients",
  outages: "clients",
  lines: "administration",
  channels: "administration",
  users: "administration",
  jobs: "administration",
  quarantine: "administration",
  settings: "administration",
  tokens: "administration",
};

export function groupScopes(permissions: readonly string[]): { group: ScopeGroup; scopes: string[] }[] {
  const found = new Map<ScopeGroup, string[]>();
  for (const permission of permissions) {
    const group = groupOf[permission.split(".")[0] ?? ""] ?? "other";
    found.set(group, [...(found.get(group) ?? []), permission]);
  }
  return scopeGroups.flatMap((group) => {
    const scopes = found.get(group);
    return scopes ? [{ group, scopes }] : [];
  });
}

/** Ticks or unticks several scopes at once, keeping the order of `all`. */
export function withScopes(
  all: readonly string[],
  chosen: readonly string[],
  change: readonly string[],
  on: boolean,
): string[] {
  return all.filter((scope) => (change.includes(scope) ? on : chosen.includes(scope)));
}

/** The moment a token ends, `days` from now; null: never. */
export function expiry(days: number | null, now: Date): string | null {
  return days === null ? null : new Date(now.getTime() + days * 86_400_000).toISOString();
}
