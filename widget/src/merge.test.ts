import { expect, test } from "vitest";
import { catchUp, isContinued, isNewDay, lastIncoming, markRead, merge } from "./merge.ts";
import type { Message } from "./types.ts";

const message = (id: string, second: number, more: Partial<Message> = {}): Message => ({
  id,
  from: "operator",
  author: { name: "Анна" },
  text: id,
  created_at: new Date(Date.UTC(2026, 5, 1, 9, 0, second)).toISOString(),
  deleted: false,
  attachments: [],
  ...more,
});
const ids = (messages: Message[]) => messages.map(({ id }) => id);

test("the order of arrival changes nothing, and nothing is there twice", () => {
  const all = [message("a", 1), message("b", 2), message("c", 2), message("d", 9)];
  const orders = [
    [0, 1, 2, 3, 0],
    [3, 2, 1, 0],
    [2, 0, 3, 1, 1, 2],
  ];
  for (const order of orders) {
    let list: Message[] = [];
    for (const index of order) list = merge(list, [all[index] as Message]);
    expect(ids(list)).toEqual(["a", "b", "c", "d"]);
  }
});

test("times with and without fractions of a second are compared as times", () => {
  const early = message("z", 0, { created_at: "2026-06-01T09:00:00Z" });
  const late = message("a", 0, { created_at: "2026-06-01T09:00:00.250+00:00" });
  expect(ids(merge([late], [early]))).toEqual(["z", "a"]);
});

test("an edit and a deletion are kept, a mark never goes back", () => {
  const mine = message("a", 1, { from: "visitor", client_id: "one", state: "read" });
  const edited = {
    ...mine,
    text: "исправлено",
    edited_at: "2026-06-01T09:01:00Z",
    state: "sent" as const,
    client_id: null,
  };
  const [after] = merge([mine], [edited]);
  expect(after).toMatchObject({ text: "исправлено", state: "read", client_id: "one" });
  // The frame of the first version comes late.
  expect(merge([after as Message], [mine])[0]?.text).toBe("исправлено");
  const deleted = { ...edited, deleted: true, text: "" };
  expect(merge(merge([edited], [deleted]), [edited])[0]?.deleted).toBe(true);
});

test("after a long pause a page that does not touch takes the place of the old list", () => {
  const old = [message("a", 1), message("b", 2)];
  expect(ids(catchUp(old, [message("b", 2), message("c", 3)]))).toEqual(["a", "b", "c"]);
  expect(ids(catchUp(old, [message("x", 30), message("y", 31)]))).toEqual(["x", "y"]);
  expect(ids(catchUp([], [message("x", 30)]))).toEqual(["x"]);
});

test("read marks reach our messages up to the named one", () => {
  const list = [
    message("a", 1, { from: "visitor", state: "delivered" }),
    message("b", 2),
    message("c", 3, { from: "visitor", state: "sent" }),
    message("d", 4, { from: "visitor", state: "sent" }),
  ];
  expect(markRead(list, "c").map(({ state }) => state)).toEqual(["read", undefined, "read", "sent"]);
  expect(markRead(list, "unknown")).toEqual(list);
  expect(lastIncoming(list)?.id).toBe("b");
  expect(lastIncoming([])).toBeUndefined();
});

test("messages of one person close in time stand together", () => {
  const first = message("a", 1);
  expect(isContinued(first, message("b", 30))).toBe(true);
  expect(isContinued(first, message("b", 302))).toBe(false);
  expect(isContinued(first, message("b", 2, { group: "Переезд" }))).toBe(false);
  expect(isContinued(first, message("b", 2, { author: { name: "Вера" } }))).toBe(false);
  expect(isContinued(undefined, first)).toBe(false);
  expect(isNewDay(first, message("b", 60 * 60 * 36))).toBe(true);
});
