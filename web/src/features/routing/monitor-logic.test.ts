import { expect, test } from "vitest";
import { isStuck, orderPeople } from "./monitor-logic.ts";
import type { OperatorNow } from "./types.ts";

test("people at work come first, absent ones last", () => {
  const one = (name: string, status: string, absent = false) =>
    ({ user: { id: name, name, avatar_color: 0 }, status, absent }) as OperatorNow;
  const people = [
    one("Вера", "offline"),
    one("Анна", "free", true),
    one("Борис", "dnd"),
    one("Яков", "free"),
    one("Галина", "free"),
  ];
  expect(orderPeople(people).map(({ user }) => user.name)).toEqual([
    "Галина",
    "Яков",
    "Борис",
    "Вера",
    "Анна",
  ]);
});

test("a queue is stuck when nobody is free", () => {
  expect(isStuck({ queue: 1, free: 0 })).toBe(true);
  expect(isStuck({ queue: 1, free: 1 })).toBe(false);
  expect(isStuck({ queue: 0, free: 0 })).toBe(false);
});
