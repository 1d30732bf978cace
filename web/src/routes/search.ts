// What the addresses of pages may carry, and what is kept of it when an address comes by hand.
import type { ChannelKindName, JobState, LedgerOutcome, Sort, UpdateState, View } from "@/api/types.ts";
import { readStored } from "@/lib/storage.ts";

export const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export const views = [
  "mine",
  "unassigned",
  "open",
  "snoozed",
  "closed",
  "spam",
  "all",
] as const satisfies View[];
export const sorts = ["newest", "oldest", "number"] as const satisfies Sort[];

/** The list opened last in this browser. */
export function lastView(): View {
  const stored = readStored<string>("otklik.view", "open");
  return views.find((view) => view === stored) ?? "open";
}

export const channelKinds = [
  "email",
  "chat",
  "telegram",
  "vk",
  "max",
  "whatsapp",
  "viber",
  "custom",
  "form",
  "manual",
] as const satisfies ChannelKindName[];

export const lineTabs = ["general", "groups", "chats", "signature", "auto-reply"] as const;
export const jobStates = ["waiting", "running", "failed"] as const satisfies JobState[];
export const outcomes = [
  "accepted",
  "duplicate",
  "automatic",
  "quarantined",
] as const satisfies LedgerOutcome[];
export const formTabs = ["fields", "texts", "outcome", "share", "submissions"] as const;
export const updateStates = ["waiting", "done", "ignored", "failed"] as const satisfies UpdateState[];

export interface WorkspaceSearch {
  line?: string;
  channel?: ChannelKindName;
  search?: string;
  sort?: Sort;
  /** On a phone: the client's panel instead of the conversation. */
  panel?: boolean;
}
export function workspaceSearch(search: Record<string, unknown>): WorkspaceSearch {
  return {
    line: text(search.line),
    channel: channelKinds.find((kind) => kind === search.channel),
    search: text(search.search),
    sort: sorts.find((sort) => sort === search.sort),
    panel: search.panel === true || undefined,
  };
}
