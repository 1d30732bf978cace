import { expect, test } from "vitest";
import { delay, next, type Pending, refuse, retry, unconfirmed, without } from "./outbox.ts";
import type { Message } from "./types.ts";

const page = { url: "https://tea.example/", title: "", referrer: "", utm: {} };
const pending = (client_id: string): Pending => ({
  client_id,
  text: client_id,
  files: [],
  page,
  created_at: "1",
});
const ids = (outbox: Pending[]) => outbox.map((item) => item.client_id);

test("the oldest goes first, and a refused one holds up nobody", () => {
  const outbox = [pending("a"), pending("b")];
  expect(next(outbox)?.client_id).toBe("a");
  const refused = refuse(outbox, "a", "Слишком длинно");
  expect(next(refused)?.client_id).toBe("b");
  expect(ids(refused)).toEqual(["a", "b"]);
  expect(next(refuse(refused, "b", "x"))).toBeUndefined();
});

test("a refused one tried again goes last and is no longer refused", () => {
  const outbox = retry(refuse([pending("a"), pending("b")], "a", "x"), "a", "2");
  expect(ids(outbox)).toEqual(["b", "a"]);
  expect(outbox[1]).toMatchObject({ refused: undefined, created_at: "2" });
  expect(retry(outbox, "gone", "3")).toBe(outbox);
});

test("what the server has leaves the outbox, however we learned of it", () => {
  const outbox = [pending("a"), pending("b")];
  const known = [{ client_id: "a" }, { client_id: null }] as Message[];
  expect(ids(unconfirmed(outbox, known))).toEqual(["b"]);
  expect(unconfirmed(outbox, [])).toBe(outbox);
  expect(ids(without(outbox, "b"))).toEqual(["a"]);
});

test("tries come at growing distances, never further apart than 40 s", () => {
  expect([1, 2, 3, 4, 5].map((tries) => delay(tries, 0.5))).toEqual([1000, 2000, 4000, 8000, 16000]);
  expect(delay(1, 0)).toBe(750);
  expect(delay(50, 1)).toBe(37_500);
});
