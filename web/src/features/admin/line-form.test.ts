import { expect, test } from "vitest";
import type { Line } from "@/api/types.ts";
import { linePatch, lineValues, newLine, suggestKey } from "./line-form.ts";

const line: Line = {
  id: "1",
  key: "SUPPORT",
  name: "Поддержка",
  public_name: "Поддержка Ромашки",
  description: "",
  kind: "external",
  operator_groups: [{ id: "g1", name: "Первая линия" }],
  supervisor_groups: [],
  reader_groups: [],
  signature_html: "<p>{{operator}}</p>",
  auto_reply: { enabled: true, subject: "Приняли", text: "Номер {{number}}" },
  chats: {
    after_close: "reopen",
    reopen_hours: 72,
    idle_close_minutes: 30,
    farewell_text: "Пока",
    ask_rating: true,
  },
  hide_operators: true,
  conversation_title: "{{line}} – {{client}}",
  hours: { schedule_id: null, published: false },
  archived_at: null,
  created_at: "2026-11-21T10:00:00Z",
};

test("a line goes into the form and out of it unchanged", () => {
  const sent = newLine(lineValues(line));
  expect(sent).toMatchObject({
    key: "SUPPORT",
    operator_group_ids: ["g1"],
    auto_reply: line.auto_reply,
    chats: line.chats,
    hide_operators: true,
    conversation_title: line.conversation_title,
  });
});

test("a change sends only what it touches, the automatic reply as a whole", () => {
  const values = { ...lineValues(line), name: "Служба поддержки", auto_reply_enabled: false };
  expect(linePatch(values, { name: values.name, auto_reply_enabled: false })).toEqual({
    name: "Служба поддержки",
    auto_reply: { enabled: false, subject: "Приняли", text: "Номер {{number}}" },
  });
  expect(linePatch(values, {})).toEqual({});
});

test("the rules of chats go as a whole; without a time nothing closes by itself", () => {
  const values = { ...lineValues(line), chats_idle_close_minutes: "" };
  expect(linePatch(values, { chats_idle_close_minutes: "" })).toEqual({
    chats: { ...line.chats, idle_close_minutes: null },
  });
});

test("a key is made of the name", () => {
  expect(suggestKey("Техническая поддержка")).toBe("TEKHNICHESKAYA-PODDERZHKA");
  expect(suggestKey("  Sales & VIP! ")).toBe("SALES-VIP");
  expect(suggestKey("Щ".repeat(40)).length).toBeLessThanOrEqual(32);
  expect(suggestKey("—")).toBe("");
});
