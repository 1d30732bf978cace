import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import ru from "@/i18n/ru/rules.json";
import { editedCondition } from "./condition.ts";
import type { Attribute, Target } from "./types.ts";
import { conditionWords, type Speech, targetWords } from "./words.ts";

const attribute = (key: string, words: string, kind: string, options: Attribute["options"] = []) =>
  ({
    key,
    words,
    kind,
    options,
    group: "",
    group_words: "",
    stems: false,
    operators: [],
    source: null,
  }) as Attribute;

let speech: Speech;
beforeAll(async () => {
  await i18next.init({ lng: "ru", resources: { ru: { rules: ru } }, interpolation: { escapeValue: false } });
  speech = {
    t: i18next.t,
    locale: "ru",
    attributes: [
      attribute("message_text", "Текст сообщения", "text"),
      attribute("channel", "Канал", "choice", [
        { value: "telegram", label: "Telegram" },
        { value: "email", label: "почта" },
      ]),
      attribute("time", "Время", "time"),
      attribute("date", "Дата", "date"),
      attribute("is_first_session", "Первое обращение клиента", "bool"),
      attribute("company", "Компания", "id"),
      attribute("line_free", "Операторов линии свободно", "number"),
    ],
    names: new Map([
      ["c1", "ТД «Кедр»"],
      ["g1", "Претензии"],
      ["u1", "Лосев"],
    ]),
  };
});

const test = (field: string, operator: string, value: unknown) => ({ field, operator, value });
const words = (condition: object) => conditionWords(editedCondition(condition), speech);

describe("a condition in words", () => {
  it("says each test", () => {
    expect(words(test("message_text", "contains", ["цена", "счёт"]))).toBe(
      "Текст сообщения: содержит «цена» или «счёт»",
    );
    expect(words(test("message_text", "contains_all", ["a", "b"]))).toBe(
      "Текст сообщения: содержит «a» и «b»",
    );
    expect(words(test("channel", "not_in", ["telegram", "email"]))).toBe("Канал: кроме Telegram, почта");
    expect(words(test("time", "between", ["22:00", "06:00"]))).toBe("Время: с 22:00 до 06:00");
    expect(words(test("date", "eq", "2026-12-31"))).toBe("Дата: 31 дек. 2026 г.");
    expect(words(test("is_first_session", "eq", false))).toBe("Первое обращение клиента: нет");
    expect(words(test("company", "in", ["c1", "c2"]))).toBe("Компания: ТД «Кедр» или неизвестно");
    expect(words(test("company", "empty", null))).toBe("Компания: не указано");
    expect(words(test("line_free", "lt", 2))).toBe("Операторов линии свободно: меньше 2");
    expect(words(test("channel", "in", []))).toBe("Канал: …");
  });

  it("says groups as they are drawn", () => {
    const [a, b] = [test("time", "lte", "13:00"), test("is_first_session", "eq", true)];
    expect(words({ all: [] })).toBe("");
    expect(words({ all: [a, { any: [a, b] }] })).toBe(
      "Время: не позже 13:00 и (Время: не позже 13:00 или Первое обращение клиента: да)",
    );
    expect(words({ all: [{ any: [a, b] }] })).toBe("Время: не позже 13:00 или Первое обращение клиента: да");
    expect(words({ all: [a, { none: [b] }] })).toBe(
      "Время: не позже 13:00 и неверно, что (Первое обращение клиента: да)",
    );
    expect(words({ none: [a, { all: [a, b] }] })).toBe(
      "неверно, что (Время: не позже 13:00 или (Время: не позже 13:00 и Первое обращение клиента: да))",
    );
  });
});

describe("a target in words", () => {
  it("names who gets it", () => {
    const told = (target: Target) => targetWords(target, speech);
    expect(told({ kind: "invite_group", group_id: "g1" })).toBe("пригласить всех в группе «Претензии»");
    expect(told({ kind: "operator", user_id: "u1" })).toBe("оператор Лосев");
    expect(told({ kind: "operator", user_id: "" })).toBe("оператор …");
    expect(told({ kind: "queue", group_id: null })).toBe("общая очередь: кто первый");
  });
});
