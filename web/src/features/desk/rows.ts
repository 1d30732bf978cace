// Where a conversation stands in a loaded list. Pure: live events change one row at a time instead of fetching lists again.
import type { InfiniteData } from "@tanstack/react-query";
import type { ChannelKindName, ConversationRow, Id, Page, Sort, View } from "@/api/types.ts";

export interface ListFilter {
  view: View;
  line?: Id;
  channel?: ChannelKindName;
  /** Of the dictionary of sources. */
  source?: Id;
  search?: string;
  /** Only those whose promise to the client is broken and still to be kept. */
  overdue?: boolean;
  sort: Sort;
}
export type Rows = InfiniteData<Page<ConversationRow>, string | null>;

/** Whether the row is part of the list. Null when only the server can tell (the results of a search). */
export function belongs(
  row: ConversationRow,
  filter: ListFilter,
  me: Id,
  now: number = Date.now(),
): boolean | null {
  if (filter.line && row.line.id !== filter.line) return false;
  if (filter.channel && row.channel !== filter.channel) return false;
  if (filter.overdue && !(row.due && Date.parse(row.due.at) <= now)) return false;
  // A row does not tell its source.
  if (filter.search || filter.source) return null;
  const inView =
    filter.view === "all" ||
    (filter.view === "mine" && row.status === "open" && row.assignee?.id === me) ||
    (filter.view === "groups" && row.status === "open" && row.channel === "group") ||
    (filter.view === "unassigned" && row.status === "open" && row.assignee === null) ||
    filter.view === row.status;
  return inView;
}

/** Negative when `a` stands above `b`. */
export function compareRows(a: ConversationRow, b: ConversationRow, sort: Sort): number {
  if (sort === "number") return b.number - a.number;
  if (sort === "deadline") return deadline(a) - deadline(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  const byTime = a.last_message_at < b.last_message_at ? -1 : a.last_message_at > b.last_message_at ? 1 : 0;
  const order = byTime === 0 ? (a.id < b.id ? -1 : a.id > b.id ? 1 : 0) : byTime;
  return sort === "oldest" ? order : -order;
}

/** A day that never comes for what is promised nothing: it stands below everything else. */
function deadline(row: ConversationRow): number {
  return row.due ? Date.parse(row.due.at) : 8.64e15;
}

/** The list with the row in its place, or without it. A row that belongs below what is loaded is left to the next page. */
export function placeRow(rows: Rows, row: ConversationRow, filter: ListFilter, me: Id): Rows {
  const known = rows.pages.some((page) => page.items.some((item) => item.id === row.id));
  const member = belongs(row, filter, me);
  if (!known && member !== true) return rows;
  const without = dropRow(rows, row.id);
  if (member === false) return without;

  const pages = without.pages.map((page) => ({ ...page, items: [...page.items] }));
  for (const page of pages) {
    const at = page.items.findIndex((item) => compareRows(row, item, filter.sort) < 0);
    if (at >= 0) {
      page.items.splice(at, 0, row);
      return { ...without, pages };
    }
  }
  const last = pages.at(-1);
  if (last && last.next === null) last.items.push(row);
  return { ...without, pages };
}

export function dropRow(rows: Rows, id: Id): Rows {
  return {
    ...rows,
    pages: rows.pages.map((page) =>
      page.items.some((item) => item.id === id)
        ? { ...page, items: page.items.filter((item) => item.id !== id) }
        : page,
    ),
  };
}
