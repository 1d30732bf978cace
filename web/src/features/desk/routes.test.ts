import { describe, expect, it } from "vitest";
import type { Message, Route } from "@/api/types.ts";
import { asHtml, asOf, filled, parts, rightsOf, routeOf, troubles, wordsOf } from "./routes.ts";

const can: NonNullable<Route["can"]> = {
  start_by_phone: false,
  why_not_start: null,
  formatting: true,
  text_limit: 10,
  files: true,
  max_file_bytes: 1000,
  keyboard: true,
  quote: true,
  edit_seconds: 60,
  delete_seconds: 0,
  read_marks: true,
  typing: true,
  reply_window_seconds: null,
  templates: false,
};
const route = (key: string, more: Partial<Route> = {}): Route => ({
  key,
  kind: "telegram",
  channel_id: "ch",
  chat_id: key,
  address: null,
  title: "Ольга",
  account_name: "@shop",
  allowed: true,
  reason: null,
  templates_only: false,
  window_until: null,
  current: false,
  can,
  ...more,
});
const message = (more: Partial<Message>): Message =>
  ({
    kind: "outbound",
    channel: "telegram",
    chat_id: "a",
    created_at: "2026-11-22T10:00:00Z",
    deleted_at: null,
    automatic: null,
    extra: null,
    author: { kind: "user", id: "me", name: "Я", avatar_color: 0, address: null },
    ...more,
  }) as Message;

describe("the way of an answer", () => {
  it("is the chosen one, else the current one, else the first that is open", () => {
    const routes = [route("a", { allowed: false }), route("b"), route("c", { current: true })];
    expect(routeOf(routes, "b")?.key).toBe("b");
    expect(routeOf(routes, "gone")?.key).toBe("c");
    expect(routeOf(routes.slice(0, 2), null)?.key).toBe("b");
    expect(routeOf([], null)).toBeNull();
  });

  it("says before sending what it will not take", () => {
    const file = { name: "смета.pdf", size: 2000 };
    expect(troubles(route("a"), [], false)).toEqual([]);
    expect(troubles(route("a"), [file], false)).toMatchObject([{ kind: "too_large", limit: 1000 }]);
    expect(troubles(route("a", { can: { ...can, files: false } }), [file], false)[0]?.kind).toBe("no_files");
    expect(troubles(route("a", { allowed: false, reason: "нет" }), [], false)).toMatchObject([
      { reason: "нет" },
    ]);
    const over = { templates_only: true, window_until: "2026-11-22T10:00:00Z" };
    expect(troubles(route("a", over), [], false)).toEqual([{ kind: "templates_only", fatal: true }]);
    expect(troubles(route("a", over), [], true)).toEqual([{ kind: "templates_only", fatal: false }]);
    expect(troubles(route("a", { templates_only: true }), [], true)[0]?.kind).toBe("templates_first");
    expect(troubles(route("mail", { can: null }), [file], false)).toEqual([]);
  });

  it("takes only templates from the moment the client's day is over", () => {
    const open = route("a", { window_until: "2026-11-22T10:00:00Z" });
    expect(asOf(open, new Date("2026-11-22T09:59:59Z"))).toBe(open);
    expect(asOf(open, new Date("2026-11-22T10:00:00Z")).templates_only).toBe(true);
    expect(asOf(route("a"), new Date("2026-11-22T10:00:00Z")).templates_only).toBe(false);
  });

  it("counts the words of the client's side, not the marks", () => {
    expect(wordsOf("<p>1 &lt; 2</p><p><b>да</b></p>")).toBe("1 < 2\nда");
    expect(parts(route("a"), "<p>0123456789</p>")).toBe(1);
    expect(parts(route("a"), "<p>0123456789а</p>")).toBe(2);
    expect(parts(route("mail", { can: null }), "<p>0123456789а</p>")).toBe(1);
  });
});

describe("own messages", () => {
  const soon = new Date("2026-11-22T10:00:30Z");
  const late = new Date("2026-11-22T10:02:00Z");
  it("can be changed while the channel allows it", () => {
    expect(rightsOf(message({}), "me", [route("a")], soon)).toEqual({
      edit: true,
      remove: false,
      quote: true,
    });
    expect(rightsOf(message({}), "me", [route("a")], late).edit).toBe(false);
    const always = [route("a", { can: { ...can, edit_seconds: null, delete_seconds: null } })];
    expect(rightsOf(message({}), "me", always, late)).toMatchObject({ edit: true, remove: true });
  });

  it("are only one's own, not letters, not withdrawn ones; notes always can be", () => {
    expect(rightsOf(message({}), "other", [route("a")], soon).edit).toBe(false);
    expect(rightsOf(message({ kind: "inbound" }), "me", [route("a")], soon).edit).toBe(false);
    expect(rightsOf(message({ chat_id: null }), "me", [route("a")], soon).edit).toBe(false);
    expect(rightsOf(message({ deleted_at: "2026-11-22T10:00:10Z" }), "me", [route("a")], soon).quote).toBe(
      false,
    );
    expect(rightsOf(message({ kind: "note", chat_id: null }), "me", [], late)).toMatchObject({ edit: true });
  });
});

describe("templates", () => {
  it("are shown with what is filled in, and safe as HTML", () => {
    expect(filled("Заказ {{1}} готов, {{2}}", ["№ 5", ""])).toBe("Заказ № 5 готов, {{2}}");
    expect(asHtml("a < b\nc")).toBe("<p>a &lt; b<br>c</p>");
  });
});
