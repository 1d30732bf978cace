import { expect, test } from "vitest";
import { adminSections, allowedSections, firstAdminPage } from "./sections.ts";

test("everybody begins at the first page open to him", () => {
  const all = adminSections.flatMap((section) => section.need);
  expect(firstAdminPage(all)).toBe("/admin/overview");
  expect(firstAdminPage(["conversations.view", "quarantine.manage"])).toBe("/admin/quarantine");
  expect(firstAdminPage([])).toBe("/admin/overview");
});

test("a permission opens its own pages only", () => {
  expect(allowedSections(["users.manage"]).map((section) => section.key)).toEqual([
    "overview",
    "users",
    "groups",
    "skills",
    "shifts",
    "absences",
    "activities",
  ]);
  expect(allowedSections(["conversations.view"])).toEqual([]);
});
