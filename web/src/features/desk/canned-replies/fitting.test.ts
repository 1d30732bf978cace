import { describe, expect, it } from "vitest";
import type { CannedReply } from "@/api/types.ts";
import { asInline, byFolder, fitting, shortNameOf } from "./fitting.ts";

const reply = (short_name: string, name: string, text: string, use_count: number, folder = "") =>
  ({ id: short_name, short_name, name, text, use_count, folder }) as CannedReply;

const replies = [
  reply("Счёт", "Счёт выслан", "Отправили на почту", 1),
  reply("доставка", "Сроки доставки", "Привезём завтра", 2, "Заказы"),
  reply("доставка-сегодня", "Сегодня", "Привезём сегодня", 9, "Заказы"),
  reply("адрес", "Адрес доставки", "Пришлите адрес", 40, "Вопросы"),
];

describe("what is typed", () => {
  const names = (typed: string) => fitting(replies, typed).map((found) => found.short_name);
  it("finds short names first, then what is used more", () => {
    expect(names("дост")).toEqual(["доставка-сегодня", "доставка", "адрес"]);
    expect(names("СЧЕТ")).toEqual(["Счёт"]);
    expect(names("привезем")).toEqual(["доставка-сегодня", "доставка"]);
    expect(names("нет такого")).toEqual([]);
  });
  it("stands under headings, the rest last", () => {
    expect(byFolder(replies).map(([folder, all]) => [folder, all.length])).toEqual([
      ["Вопросы", 1],
      ["Заказы", 2],
      ["", 1],
    ]);
  });
});

it("makes a short name of a name", () => {
  expect(shortNameOf(" Сроки доставки! ")).toBe("сроки-доставки");
  expect(shortNameOf("«»")).toBe("");
  expect(shortNameOf("а".repeat(60))).toHaveLength(40);
});

it("puts one paragraph into the line, and more as they are", () => {
  expect(asInline("<p><strong>Да</strong>, завтра</p>")).toBe("<strong>Да</strong>, завтра");
  expect(asInline("<p>Да</p><p>Завтра</p>")).toBe("<p>Да</p><p>Завтра</p>");
  expect(asInline("<ul><li><p>Да</p></li></ul>")).toBe("<ul><li><p>Да</p></li></ul>");
});
