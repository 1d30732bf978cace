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
    | "sla-policies"
    | "routes"
    | "services"
    | "outages"
    | "canned-replies"
    | "client-categories"
    | "tariff-plans"
    | "sources"
    | "blocks"
    | "distribution"
    | "properties"
    | "users"
    | "groups"
    | "skills"
    | "shifts"
    | "absences"
    | "activities"
    | "quarantine"
    | "jobs"
    | "company";
  part: "start" | "work" | "people" | "system";
  /** A page that belongs to it and stands elsewhere. */
  also?: string;
  /** Any of these opens the page. */
  need: Permission[];
}

export const adminSections: AdminSection[] = [
  { key: "overview", part: "start", need: ["lines.manage", "channels.manage", "users.manage"] },
  { key: "lines", part: "work", need: ["lines.manage"] },
  { key: "channels", part: "work", need: ["channels.manage"] },
  { key: "mailboxes", part: "work", need: ["channels.manage"] },
  { key: "forms", part: "work", need: ["channels.manage"] },
  { key: "canned-replies", part: "work", need: ["canned_replies.manage"] },
  { key: "schedules", part: "work", need: ["lines.manage"] },
  { key: "distribution", part: "work", need: ["lines.manage"] },
  { key: "sla-policies", also: "/admin/sla-report", part: "work", need: ["lines.manage"] },
  { key: "routes", also: "/admin/olas", part: "work", need: ["lines.manage"] },
  { key: "services", part: "work", need: ["lines.manage"] },
  { key: "outages", part: "work", need: ["outages.manage"] },
  { key: "client-categories", part: "work", need: ["lines.manage"] },
  { key: "tariff-plans", part: "work", need: ["lines.manage"] },
  { key: "sources", part: "work", need: ["lines.manage"] },
  { key: "blocks", part: "work", need: ["lines.manage"] },
  { key: "properties", part: "work", need: ["lines.manage"] },
  { key: "users", part: "people", need: ["users.manage"] },
  { key: "groups", part: "people", need: ["users.manage"] },
  { key: "skills", part: "people", need: ["users.manage"] },
  { key: "shifts", part: "people", need: ["users.manage"] },
  { key: "absences", part: "people", need: ["users.manage"] },
  { key: "activities", part: "people", need: ["users.manage"] },
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
