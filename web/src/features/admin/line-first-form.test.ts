import { beforeEach, expect, test, vi } from "vitest";
import {
  emptyFirstLine,
  forgetFirstLine,
  keepFirstLine,
  keptFirstLine,
  keysToTry,
  missingOf,
} from "./line-first-form.ts";

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
});

const me = { id: "vera", name: "Вера", avatar_color: 1 };

test("what was begun is there again, for the same person only, until it is forgotten", () => {
  const begun = { ...emptyFirstLine(me), step: 1 as const, name: "Поддержка" };
  keepFirstLine(me.id, begun);
  expect(keptFirstLine(me)).toEqual(begun);
  const other = { ...me, id: "anna" };
  expect(keptFirstLine(other)).toEqual(emptyFirstLine(other));
  forgetFirstLine(me.id);
  expect(keptFirstLine(me)).toEqual(emptyFirstLine(me));
});

test("each step says what it lacks", () => {
  const empty = { ...emptyFirstLine(me), people: [] };
  expect(missingOf(empty, true)).toEqual(["name"]);
  expect(missingOf({ ...empty, step: 1 }, true)).toEqual(["people"]);
  expect(missingOf({ ...empty, step: 1 }, false)).toEqual(["group_ids"]);
  expect(missingOf({ ...emptyFirstLine(me), step: 1 }, true)).toEqual([]);
  expect(missingOf({ ...empty, step: 2 }, true)).toEqual([]);
});

test("keys never grow longer than 32 signs", () => {
  expect(keysToTry("")[0]).toBe("LINE");
  expect(keysToTry("A".repeat(32)).every((key) => key.length <= 32)).toBe(true);
  expect(new Set(keysToTry("A".repeat(32))).size).toBe(5);
});
