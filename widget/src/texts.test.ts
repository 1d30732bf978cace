import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { chooseLanguage, day, size, texts, translator } from "./texts.ts";

const keys = Object.keys(texts.ru) as (keyof typeof texts.ru)[];
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

test("both languages say the same things", () => {
  expect(Object.keys(texts.en)).toEqual(keys);
  for (const key of keys) {
    expect(texts.ru[key].trim(), key).not.toBe("");
    expect(texts.en[key].trim(), key).not.toBe("");
    expect(holes(texts.en[key]), key).toEqual(holes(texts.ru[key]));
    expect(texts.en[key], key).not.toMatch(/[а-яё]/i);
  }
});

test("no text is left unused", () => {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const code = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => /\.tsx?$/.test(name) && !/texts|\.test\./.test(name))
    .map((name) => readFileSync(folder + name, "utf8"))
    .join("\n");
  const unused = keys.filter((key) => !code.includes(`"${key}"`) && !/^(state|field)_|day$/.test(key));
  expect(unused).toEqual([]);
});

test("an administrator's words go before ours, an empty one does not", () => {
  const t = translator("ru", { ru: { start: "Поехали", send: "" }, en: { start: "Go" } });
  expect(t("start")).toBe("Поехали");
  expect(t("send")).toBe("Отправить");
  expect(t("typing", { name: "{name} $&" })).toBe("{name} $& печатает");
});

test("the first wish decides the language", () => {
  expect(chooseLanguage(null, "", "ru-RU", "en")).toBe("ru");
  expect(chooseLanguage("en", "ru")).toBe("en");
  expect(chooseLanguage(undefined, "kk-KZ")).toBe("ru");
  expect(chooseLanguage("de")).toBe("en");
  expect(chooseLanguage()).toBe("en");
});

test("sizes and days are written as people write them", () => {
  expect(size(900, "ru")).toBe("900 Б");
  expect(size(1536, "en")).toBe("2 KB");
  expect(size(2.5 * 1024 * 1024, "ru")).toBe("2,5 МБ");
  const now = new Date(2026, 0, 1, 0, 30);
  const t = translator("ru");
  expect(day(new Date(2026, 0, 1, 0, 5).toISOString(), "ru", now, t)).toBe("Сегодня");
  expect(day(new Date(2025, 11, 31, 23, 5).toISOString(), "ru", now, t)).toBe("Вчера");
  expect(day(new Date(2025, 11, 5).toISOString(), "ru", now, t)).toContain("5 декабря 2025");
});
