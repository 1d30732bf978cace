import { expect, test } from "vitest";
import { holds, isTime } from "./rules.ts";
import type { AutoOpen, Rule, RuleKind } from "./types.ts";

const rule = (kind: RuleKind, value: string | number): Rule => ({ kind, value });
const at = (url: string, pageSeconds = 0, siteSeconds = pageSeconds) => ({ url, pageSeconds, siteSeconds });

test("an address is equal however the administrator wrote it", () => {
  const price = at("https://tea.example/shop/price?utm_source=ya#top");
  for (const value of [
    "/shop/price",
    "/shop/price/",
    "tea.example/shop/price",
    "https://tea.example/shop/price",
  ]) {
    expect(holds(rule("url_equals", value), price), value).toBe(true);
  }
  for (const value of [
    "/shop",
    "/shop/price/2",
    "/shop/price?utm_source=google",
    "https://other.example/shop/price",
    "",
  ]) {
    expect(holds(rule("url_equals", value), price), value).toBe(false);
  }
  expect(holds(rule("url_equals", "/"), at("https://tea.example"))).toBe(true);
});

test("a part of an address is found in any case and in Cyrillic", () => {
  const page = at("https://tea.example/%D0%A6%D0%B5%D0%BD%D1%8B?utm_source=ya");
  expect(holds(rule("url_contains", "цены"), page)).toBe(true);
  expect(holds(rule("url_contains", "UTM_SOURCE=YA"), page)).toBe(true);
  expect(holds(rule("url_contains", "оплата"), page)).toBe(false);
  expect(holds(rule("url_contains", ""), page)).toBe(false);
});

test("seconds on the page and on the site are counted apart", () => {
  const moment = at("https://tea.example/", 9, 40);
  expect(holds(rule("page_seconds", 10), moment)).toBe(false);
  expect(holds(rule("page_seconds", "9"), moment)).toBe(true);
  expect(holds(rule("site_seconds", 40), moment)).toBe(true);
  expect(holds(rule("site_seconds", 41), moment)).toBe(false);
});

test("every rule or any of them", () => {
  const rules = [rule("url_contains", "/price"), rule("page_seconds", 10)];
  const autoOpen = (mode: AutoOpen["mode"]): AutoOpen => ({ mode, rules, action: "open", message: "" });
  const early = at("https://tea.example/shop/price", 3);
  expect(isTime(autoOpen("every"), early)).toBe(false);
  expect(isTime(autoOpen("any"), early)).toBe(true);
  expect(isTime(autoOpen("every"), at("https://tea.example/shop/price", 10))).toBe(true);
  expect(isTime(autoOpen("any"), at("https://tea.example/about", 3))).toBe(false);
});

test("no rules, a broken address and an unknown rule open nothing", () => {
  expect(isTime({ mode: "every", rules: [], action: "open", message: "" }, at("https://tea.example/"))).toBe(
    false,
  );
  expect(isTime(null, at("https://tea.example/"))).toBe(false);
  expect(holds(rule("url_equals", "http://["), at("https://tea.example/"))).toBe(false);
  expect(holds(rule("weather" as RuleKind, "sun"), at("https://tea.example/"))).toBe(false);
});
