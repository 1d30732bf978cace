import { describe, expect, it, test } from "vitest";
import { asLocal, caller, phoneIn } from "./new-way.ts";

test("only what is known of a caller is sent", () => {
  expect(caller(" Пётр ", "", " ")).toEqual({ name: "Пётр" });
  expect(caller("", "+7 921 555-01-10", "petr@example.ru")).toEqual({
    name: "",
    phone: "+7 921 555-01-10",
    email: "petr@example.ru",
  });
});

test("a moment goes into the browser's field and comes out the same minute", () => {
  const at = new Date("2026-11-22T10:50:00Z");
  expect(new Date(asLocal(at)).getTime()).toBe(at.getTime());
});

describe("a phone among what was typed", () => {
  it.each([
    ["8 (912) 345-67-89", "8 (912) 345-67-89"],
    [" +7 912 345 67 89 ", "+7 912 345 67 89"],
    ["12345", null],
    ["Пахомов 89123456789", null],
  ])("%s", (words, phone) => expect(phoneIn(words)).toBe(phone));
});
