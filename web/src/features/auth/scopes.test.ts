import { expect, test } from "vitest";
import { expiry, groupScopes, withScopes } from "./scopes.ts";

test("every permission is in exactly one group, unknown ones in the last", () => {
  const all = ["conversations.view", "tickets.edit", "contacts.view", "lines.manage", "robots.feed"];
  const groups = groupScopes(all);
  expect(groups).toEqual([
    { group: "conversations", scopes: ["conversations.view"] },
    { group: "clients", scopes: ["tickets.edit", "contacts.view"] },
    { group: "administration", scopes: ["lines.manage"] },
    { group: "other", scopes: ["robots.feed"] },
  ]);
  expect(groups.flatMap(({ scopes }) => scopes).sort()).toEqual([...all].sort());
});

test("ticking a group keeps what was ticked elsewhere, in the list's order", () => {
  const all = ["a", "b", "c", "d"];
  expect(withScopes(all, ["d"], ["b", "a"], true)).toEqual(["a", "b", "d"]);
  expect(withScopes(all, ["a", "b", "d"], ["a", "b"], false)).toEqual(["d"]);
});

test("a token ends days from now or never", () => {
  const now = new Date("2026-11-21T10:00:00Z");
  expect(expiry(30, now)).toBe("2026-12-21T10:00:00.000Z");
  expect(expiry(null, now)).toBeNull();
});
