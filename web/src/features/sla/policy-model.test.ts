import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import type { SlaStep } from "@/api/types.ts";
import enDesk from "@/i18n/en/desk.json";
import en from "@/i18n/en/sla.json";
import ruDesk from "@/i18n/ru/desk.json";
import ru from "@/i18n/ru/sla.json";
import { normsInWords } from "@/lib/norms.ts";
import { atMoment, faultsLeft, momentOf, moments, noNorms, startingStep, stepWords } from "./policy-model.ts";

const i18n = i18next.createInstance();
beforeAll(async () => {
  await i18n.init({
    lng: "ru",
    resources: { ru: { sla: ru, desk: ruDesk }, en: { sla: en, desk: enDesk } },
    interpolation: { escapeValue: false },
  });
});

test("norms are said in words", () => {
  const t = i18n.getFixedT("ru");
  const of = { ...noNorms, reaction_seconds: 3600, resolution_seconds: 28_800 };
  expect(normsInWords(of, t)).toBe("Реакция 1 ч · Решение 8 ч");
  expect(normsInWords({ ...of, ticket_resolution_seconds: 7200 }, t)).toBe(
    "Реакция 1 ч · Решение 8 ч · Решение обращения 2 ч",
  );
  expect(normsInWords(noNorms, t)).toBe("");
});

test("a step is a sentence", () => {
  const names = { person: (id: string) => `человек ${id}`, group: (id: string) => `группа ${id}` };
  const say = (change: Partial<SlaStep>, language: "ru" | "en" = "ru") =>
    stepWords({ ...startingStep, ...change }, names, language, i18n.getFixedT(language));
  expect(say({ norms: ["reaction"] })).toBe("За 50 % времени до срока реакции → сообщить ответственному");
  expect(say({ ...atMoment("at"), tell_operator: false, priority: "high", give_to_group: "1" })).toBe(
    "В момент любого срока → поднять приоритет: высокий, передать группе «группа 1»",
  );
  expect(say({ ...atMoment("after_seconds"), norms: ["reply", "resolution"], tell: ["1", "2"] }, "en")).toBe(
    "1 h after the reply, resolution is due → tell the owner, tell человек 1, человек 2",
  );
  expect(say({ subjects: ["ticket"], norms: ["reaction"] })).toBe(
    "Обращения: за 50 % времени до срока реакции → сообщить ответственному",
  );
  expect(say({ tell_operator: false })).toContain("ничего не делать");
});

test("a step has one time", () => {
  for (const moment of moments) {
    const step = { ...startingStep, ...atMoment(moment) };
    expect(momentOf(step)).toBe(moment);
    const times = [step.before_percent, step.before_seconds, step.after_seconds];
    expect(times.filter((time) => time !== null)).toHaveLength(1);
  }
});

test("complaints go when their part is touched", () => {
  const faults = { "extra[0].norms": "срок", "steps[1]": "что", steps: "много", schedule_id: "нет" };
  expect(faultsLeft(faults, { steps: [] })).toEqual({ "extra[0].norms": "срок", schedule_id: "нет" });
  expect(faultsLeft(faults, { schedule_id: null, extra: [] })).toEqual({ "steps[1]": "что", steps: "много" });
});
