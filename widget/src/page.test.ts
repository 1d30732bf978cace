import { expect, test } from "vitest";
import { arrival, utmOf } from "./page.ts";
import type { Shelf } from "./storage.ts";

function memory(): Shelf {
  const kept = new Map<string, unknown>();
  return {
    get: <T>(name: string) => (kept.get(name) as T) ?? null,
    set: (name, value) => void kept.set(name, value),
    remove: (name) => void kept.delete(name),
  };
}

test("the five marks are read, others and empty ones are not", () => {
  const url =
    "https://tea.example/?utm_source=ya&utm_medium=cpc&utm_campaign=%D1%87%D0%B0%D0%B9&utm_term=&utm_id=7&x=1";
  expect(utmOf(url)).toEqual({ source: "ya", medium: "cpc", campaign: "чай" });
  expect(utmOf("not an address")).toEqual({});
});

test("what brought the visitor is kept on the next pages of the visit", () => {
  const visit = memory();
  const first = arrival(visit, "https://tea.example/?utm_source=ya", "https://ya.example/", 1);
  expect(first).toEqual({ referrer: "https://ya.example/", utm: { source: "ya" }, at: 1 });
  expect(arrival(visit, "https://tea.example/shop", "https://tea.example/", 2)).toEqual(first);
  const again = arrival(visit, "https://tea.example/?utm_source=vk", "https://vk.example/", 3);
  expect(again).toEqual({ referrer: "https://ya.example/", utm: { source: "vk" }, at: 1 });
});
