// What the addresses of pages may carry, and what is kept of it when an address comes by hand.
import type {
  ChannelKindName,
  JobState,
  OutageExtent,
  OutageKind,
  SlaSubject,
  Sort,
  TicketFilterStatus,
  TicketSort,
  UpdateState,
  View,
} from "@/api/types.ts";
import { type BoardFilter, boardOrders, boardPeople } from "@/features/routing/board-logic.ts";
import { readStored } from "@/lib/storage.ts";

export const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

/** Of a page that is searched by words and by nothing else. */
export const wordsSearch = (search: Record<string, unknown>): { search?: string } => ({
  search: text(search.search),
});

export const views = [
  "mine",
  "unassigned",
  "open",
  "snoozed",
  "groups",
  "closed",
  "spam",
  "all",
] as const satisfies View[];
export const sorts = ["newest", "oldest", "deadline", "number"] as const satisfies Sort[];

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
  "group",
] as const satisfies ChannelKindName[];

export const lineTabs = ["general", "groups", "chats", "signature", "auto-reply"] as const;
export const routingTabs = ["rules", "try", "replay"] as const;
export const jobStates = ["waiting", "running", "failed"] as const satisfies JobState[];
export const formTabs = ["fields", "texts", "outcome", "share", "submissions"] as const;
export const updateStates = ["waiting", "done", "ignored", "failed"] as const satisfies UpdateState[];

export interface WorkspaceSearch {
  line?: string;
  channel?: ChannelKindName;
  source?: string;
  search?: string;
  sort?: Sort;
  overdue?: boolean;
  /** On a phone: the client's panel instead of the conversation. */
  panel?: boolean;
  /** The message to open the conversation at. */
  message?: string;
}
export function workspaceSearch(search: Record<string, unknown>): WorkspaceSearch {
  return {
    line: text(search.line),
    channel: channelKinds.find((kind) => kind === search.channel),
    source: text(search.source),
    search: text(search.search),
    sort: sorts.find((sort) => sort === search.sort),
    overdue: search.overdue === true || undefined,
    panel: search.panel === true || undefined,
    message: text(search.message),
  };
}

export function boardSearch(search: Record<string, unknown>): {
  line?: string;
  people?: BoardFilter["people"];
  order?: BoardFilter["order"];
} {
  return {
    line: text(search.line),
    people: boardPeople.find((people) => people === search.people),
    order: boardOrders.find((order) => order === search.order),
  };
}

export const slaSubjects = ["conversation", "ticket"] as const satisfies SlaSubject[];

export const ticketStatuses = [
  "open",
  "all",
  "new",
  "accepted",
  "in_progress",
  "waiting",
  "resolved",
  "closed",
] as const satisfies TicketFilterStatus[];
export const ticketSorts = ["deadline", "created", "number"] as const satisfies TicketSort[];
export interface TicketsSearch {
  search?: string;
  status?: TicketFilterStatus;
  first?: TicketSort;
  line?: string;
  /** Somebody's id, or "none": nobody's. */
  owner?: string;
  service?: string;
  overdue?: boolean;
  /** Only those beyond their client's plan. */
  beyond?: boolean;
}
export function ticketsSearch(search: Record<string, unknown>): TicketsSearch {
  return {
    search: text(search.search),
    status: ticketStatuses.find((status) => status === search.status),
    first: ticketSorts.find((first) => first === search.first),
    line: text(search.line),
    owner: text(search.owner),
    service: text(search.service),
    overdue: search.overdue === true || undefined,
    beyond: search.beyond === true || undefined,
  };
}

export const taskScopes = ["mine", "groups", "made", "all"] as const;
export const taskEnds = ["done", "cancelled"] as const;
export interface TasksSearch {
  /** One's own unless told. */
  whose?: (typeof taskScopes)[number];
  /** Open ones unless told. */
  ended?: (typeof taskEnds)[number];
  /** The one that is looked at. */
  task?: string;
}
export function tasksSearch(search: Record<string, unknown>): TasksSearch {
  return {
    whose: taskScopes.find((whose) => whose === search.whose),
    ended: taskEnds.find((ended) => ended === search.ended),
    task: text(search.task),
  };
}

export const reportPeriods = ["today", "week", "month", "own"] as const;
export const reportViews = ["norms", "services", "people", "availability"] as const;
export const reportRows = ["service", "catalogue"] as const;
export interface SlaReportSearch {
  /** By norm unless told. */
  by?: (typeof reportViews)[number];
  line?: string;
  /** Only conversations or only tickets. */
  of?: SlaSubject;
  period?: (typeof reportPeriods)[number];
  /** Dates of a period of one's own, as "2026-12-30"; both are in it. */
  from?: string;
  to?: string;
  /** What the rows of availability are of. */
  rows?: (typeof reportRows)[number];
}
const date = (value: unknown) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;
export function slaReportSearch(search: Record<string, unknown>): SlaReportSearch {
  return {
    by: reportViews.find((by) => by === search.by),
    line: text(search.line),
    of: slaSubjects.find((of) => of === search.of),
    period: reportPeriods.find((period) => period === search.period),
    from: date(search.from),
    to: date(search.to),
    rows: reportRows.find((rows) => rows === search.rows),
  };
}

export const outageKinds = ["unplanned", "planned"] as const satisfies OutageKind[];
export const outageExtents = ["full", "partial"] as const satisfies OutageExtent[];
export interface OutagesSearch {
  /** "service:…" or "catalogue:…". */
  about?: string;
  nature?: OutageKind;
  extent?: OutageExtent;
  /** Only those that are on now. */
  open?: boolean;
  /** Dates; both are in the period. */
  since?: string;
  until?: string;
}
export function outagesSearch(search: Record<string, unknown>): OutagesSearch {
  return {
    about: text(search.about),
    nature: outageKinds.find((nature) => nature === search.nature),
    extent: outageExtents.find((extent) => extent === search.extent),
    open: search.open === true || undefined,
    since: date(search.since),
    until: date(search.until),
  };
}
