import { describe, expect, it } from "vitest";
import type { ConversationRow } from "@/api/types.ts";
import { belongs, type ListFilter, placeRow, type Rows } from "./rows.ts";

const me = "me";
const row = (id: string, at: string, more: Partial<ConversationRow> = {}): ConversationRow => ({
  id,
  number: Number(id.slice(1)),
  subject: id,
  status: "open",
  priority: "none",
  line: { id: "l1", key: "S", name: "Поддержка" },
  contact: { id: "p", name: "Клиент", avatar_color: 1, company: null },
  assignee: null,
  channel: "email",
  preview: "",
  last_from: "client",
  last_message_at: `2026-11-21T${at}:00Z`,
  created_at: "2026-11-20T10:00:00Z",
  message_count: 1,
  unread: false,
  snoozed_until: null,
  closed_at: null,
  first_reply_at: null,
  delivery: null,
  ticket: null,
  due: null,
  ...more,
});
const list = (next: string | null, ...pages: ConversationRow[][]): Rows => ({
  pages: pages.map((items, index) => ({ items, next: index === pages.length - 1 ? next : "more" })),
  pageParams: pages.map(() => null),
});
const ids = (rows: Rows) => rows.pages.map((page) => page.items.map((item) => item.id).join(" ")).join(" | ");
const open: ListFilter = { view: "open", sort: "newest" };

describe("belongs", () => {
  it("follows status, owner and line", () => {
    const mine = row("c1", "10:00", { assignee: { id: me, name: "Я", avatar_color: 0 } });
    expect(belongs(mine, { view: "mine", sort: "newest" }, me)).toBe(true);
    expect(belongs({ ...mine, status: "closed" }, { view: "mine", sort: "newest" }, me)).toBe(false);
    expect(belongs(mine, { view: "unassigned", sort: "newest" }, me)).toBe(false);
    expect(belongs(mine, { view: "open", line: "l2", sort: "newest" }, me)).toBe(false);
    expect(belongs({ ...mine, status: "snoozed" }, { view: "all", sort: "newest" }, me)).toBe(true);
  });
  it("knows what is overdue", () => {
    const overdue: ListFilter = { ...open, overdue: true };
    const due = { norm: "reaction", at: "2026-11-21T12:00:00Z", warn_at: "2026-11-21T11:00:00Z" } as const;
    const at = (time: string) => Date.parse(`2026-11-21T${time}Z`);
    expect(belongs(row("c1", "10:00"), overdue, me, at("12:00:00"))).toBe(false);
    expect(belongs(row("c1", "10:00", { due }), overdue, me, at("11:59:59"))).toBe(false);
    expect(belongs(row("c1", "10:00", { due }), overdue, me, at("12:00:00"))).toBe(true);
    expect(belongs(row("c1", "10:00", { due, status: "closed" }), overdue, me, at("13:00:00"))).toBe(false);
  });
  it("cannot tell for a list narrowed by search", () => {
    expect(belongs(row("c1", "10:00"), { ...open, search: "счёт" }, me)).toBeNull();
  });
});

describe("placeRow", () => {
  const rows = list(null, [row("c3", "12:00"), row("c2", "11:00")], [row("c1", "10:00")]);
  it("moves a conversation with a new message to the top", () => {
    expect(ids(placeRow(rows, row("c1", "13:00"), open, me))).toBe("c1 c3 c2 | ");
  });
  it("puts a new one in its place by time, oldest first too", () => {
    expect(ids(placeRow(rows, row("c9", "11:30"), open, me))).toBe("c3 c9 c2 | c1");
    const oldest = list(null, [row("c1", "10:00"), row("c2", "11:00")]);
    expect(ids(placeRow(oldest, row("c9", "12:00"), { ...open, sort: "oldest" }, me))).toBe("c1 c2 c9");
  });
  it("puts the nearest deadline first, and what is promised nothing last", () => {
    const due = (at: string) => ({ norm: "reply", at, warn_at: at }) as const;
    const deadlines = list(
      null,
      [row("c1", "10:00", { due: due("2026-11-21T12:00:00Z") })],
      [row("c2", "11:00", { due: null })],
    );
    const byDeadline: ListFilter = { ...open, sort: "deadline" };
    const urgent = row("c9", "09:00", { due: due("2026-11-21T11:30:00.5Z") });
    expect(ids(placeRow(deadlines, urgent, byDeadline, me))).toBe("c9 c1 | c2");
    const later = row("c9", "09:00", { due: due("2026-11-21T12:00:01Z") });
    expect(ids(placeRow(deadlines, later, byDeadline, me))).toBe("c1 | c9 c2");
    expect(ids(placeRow(deadlines, row("c9", "13:00"), byDeadline, me))).toBe("c1 | c2 c9");
  });
  it("takes out what no longer belongs", () => {
    expect(ids(placeRow(rows, row("c2", "11:00", { status: "closed" }), open, me))).toBe("c3 | c1");
  });
  it("leaves what lies below the loaded pages to the next page", () => {
    expect(ids(placeRow(list("more", [row("c3", "12:00")]), row("c9", "09:00"), open, me))).toBe("c3");
    expect(ids(placeRow(list(null, [row("c3", "12:00")]), row("c9", "09:00"), open, me))).toBe("c3 c9");
  });
  it("adds nothing to a searched list, but keeps its rows fresh", () => {
    const searched: ListFilter = { ...open, search: "счёт" };
    expect(placeRow(rows, row("c9", "13:00"), searched, me)).toBe(rows);
    const fresh = placeRow(rows, row("c2", "11:00", { subject: "новая тема" }), searched, me);
    expect(fresh.pages.flatMap((page) => page.items).map((item) => item.subject)).toEqual([
      "c3",
      "новая тема",
      "c1",
    ]);
  });
});
