import { describe, expect, it } from "vitest";
import type { Message, TimelineItem } from "@/api/types.ts";
import { blocks, mergeTimeline, prependTimeline, putMessage } from "./timeline.ts";

const message = (id: string, at: string, more: Partial<Message> = {}): Message => ({
  id,
  conversation_id: "c1",
  kind: "inbound",
  channel: "email",
  chat_id: null,
  reply_to: null,
  edited_at: null,
  deleted_at: null,
  extra: null,
  author: { kind: "contact", id: "p1", name: "Ольга", avatar_color: 1, address: "olga@example.ru" },
  created_at: at,
  sent_at: at,
  subject: null,
  html: "",
  text: id,
  has_quote: false,
  automatic: null,
  remote_images: false,
  to: [],
  cc: [],
  attachments: [],
  delivery: null,
  threading: null,
  undo_until: null,
  copies: [],
  ...more,
});
const item = (id: string, at = "2026-11-21T10:00:00Z", more: Partial<Message> = {}): TimelineItem => ({
  type: "message",
  ...message(id, at, more),
});
const event = (id: string, at: string): TimelineItem => ({
  type: "event",
  id,
  at,
  actor: null,
  kind: "conversation_closed",
  data: {},
});
const ids = (page: { items: TimelineItem[] }) => page.items.map((each) => each.id).join(" ");

describe("joining pages", () => {
  it("keeps older pages under a fresh last page", () => {
    const old = { items: [item("1"), item("2"), item("3")], next: "before-1" };
    const merged = mergeTimeline(old, { items: [item("3"), item("4")], next: "before-3" });
    expect(ids(merged)).toBe("1 2 3 4");
    expect(merged.next).toBe("before-1");
  });
  it("starts anew when there is a gap between them", () => {
    const fresh = { items: [item("8"), item("9")], next: "before-8" };
    expect(mergeTimeline({ items: [item("1")], next: null }, fresh)).toBe(fresh);
  });
  it("does not double what comes twice", () => {
    const joined = prependTimeline(
      { items: [item("3")], next: "a" },
      { items: [item("2"), item("3")], next: null },
    );
    expect(ids(joined)).toBe("2 3");
    expect(joined.next).toBeNull();
  });
  it("puts a message once, the later state wins", () => {
    const page = { items: [item("1")], next: null };
    const twice = putMessage(
      putMessage(page, message("2", "2026-11-21T10:00:00Z")),
      message("2", "2026-11-21T10:00:00Z", { text: "новое" }),
    );
    expect(ids(twice)).toBe("1 2");
    expect(twice.items[1]).toMatchObject({ text: "новое" });
  });
});

describe("blocks", () => {
  const kinds = (items: TimelineItem[]) =>
    blocks(items, "Europe/Moscow").map((block) =>
      block.type === "message" && block.grouped ? "grouped" : block.type,
    );
  it("groups one author within ten minutes", () => {
    expect(
      kinds([
        item("1", "2026-11-21T10:00:00Z"),
        item("2", "2026-11-21T10:09:00Z"),
        item("3", "2026-11-21T10:30:00Z"),
      ]),
    ).toEqual(["day", "message", "grouped", "message"]);
  });
  it("does not group a note with an answer, nor across an event or a day", () => {
    const ours = { kind: "outbound" as const };
    expect(
      kinds([item("1", "2026-11-21T10:00:00Z", ours), item("2", "2026-11-21T10:01:00Z", { kind: "note" })]),
    ).toEqual(["day", "message", "message"]);
    expect(
      kinds([
        item("1", "2026-11-21T10:00:00Z"),
        event("e", "2026-11-21T10:01:00Z"),
        item("2", "2026-11-21T10:02:00Z"),
      ]),
    ).toEqual(["day", "message", "events", "message"]);
    // 20:58 and 21:02 UTC are two days in Moscow.
    expect(kinds([item("1", "2026-11-20T20:58:00Z"), item("2", "2026-11-20T21:02:00Z")])).toEqual([
      "day",
      "message",
      "day",
      "message",
    ]);
  });
  it("gathers a stretch of events", () => {
    const found = blocks(
      [event("a", "2026-11-21T10:00:00Z"), event("b", "2026-11-21T10:01:00Z")],
      "Europe/Moscow",
    );
    expect(found[1]).toMatchObject({ type: "events", events: [{ id: "a" }, { id: "b" }] });
  });
});
