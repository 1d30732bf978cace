import { expect, test } from "vitest";
import { whatToDo } from "./tell.ts";

const news = { id: "1", conversation_id: "c1", sound: "drop", desktop: true };

test("only one page of a browser tells", () => {
  expect(whatToDo(news, { speaks: false, looked: [] })).toEqual({ sound: false, desktop: false });
  expect(whatToDo(news, { speaks: true, looked: [] })).toEqual({ sound: true, desktop: true });
});

test("what the person is looking at is not told, whichever page it is on", () => {
  expect(whatToDo(news, { speaks: true, looked: ["/c/mine/c1"] })).toEqual({ sound: false, desktop: false });
});

test("whoever is in the application elsewhere hears it, and nothing pops up over the page", () => {
  expect(whatToDo(news, { speaks: true, looked: ["/c/mine/c2"] })).toEqual({ sound: true, desktop: false });
});

test("what is chosen to be silent stays silent", () => {
  const silent = { ...news, sound: null, desktop: false };
  expect(whatToDo(silent, { speaks: true, looked: [] })).toEqual({ sound: false, desktop: false });
});
