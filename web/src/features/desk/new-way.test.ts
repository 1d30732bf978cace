import { expect, test } from "vitest";
import { asLocal, caller } from "./new-way.ts";

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
