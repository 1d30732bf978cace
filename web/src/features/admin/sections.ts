// The pages of administration: where they are, what they need, in which part of the list they stand.
import type { Permission } from "@/api/types.ts";

export interface AdminSection {
  key:
    | "overview"
    | "lines"
    | "channels"
    | "mailboxes"
    | "forms"
    | "schedules"
    | "sources"
    | "blocks"
    | "properties"
    | "users"
    | "groups"
    | "quarantine"
    | "jobs"
    | "company";
  part: "start" | "work" | "people" | "system";
  /** Any of these opens the page. */
  need: Permission[];
}

export const adminSections: AdminSection[] = [
  { key: "overview", part: "start", need: ["lines.manage", "channels.manage", "users.manage"] },
  { key: "lines", part: "work", need: ["lines.manage"] },
  { key: "channels", part: "work", need: ["channels.manage"] },
  { key: "mailboxes", part: "work", need: ["channels.manage"] },
  { key: "forms", part: "work", need: ["channels.manage"] },
  { key: "schedules", part: "work", need: ["lines.manage"] },
  { key: "sources", part: "work", need: ["lines.manage"] },
  { key: "blocks", part: "work", need: ["lines.manage"] },
  { key: "properties", part: "work", need: ["lines.manage"] },
  { key: "users", part: "people", need: ["users.manage"] },
  { key: "groups", part: "people", need: ["users.manage"] },
  { key: "quarantine", part: "system", need: ["quarantine.manage"] },
  { key: "jobs", part: "system", need: ["jobs.manage"] },
  { key: "company", part: "system", need: ["settings.manage"] },
];

/** The sections somebody with these permissions may open. */
export function allowedSections(permissions: readonly string[]): AdminSection[] {
  return adminSections.filter((section) => section.need.some((need) => permissions.includes(need)));
}

/** Where administration begins for somebody; without any right, at the overview, which says so. */
export function firstAdminPage(permissions: readonly string[]): `/admin/${AdminSection["key"]}` {
  return `/admin/${allowedSections(permissions)[0]?.key ?? "overview"}`;
}
