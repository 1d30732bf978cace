import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import en from "@/i18n/en/sla.json";
import ru from "@/i18n/ru/sla.json";
import {
  dueTone,
  dueWords,
  elapsedWords,
  lengthWords,
  measuredWords,
  percentWords,
  tickDelay,
} from "./due.ts";

const i18n = i18next.createInstance();
beforeAll(async () => {
  await i18n.init({
    lng: "ru",
    resources: { ru: { sla: ru }, en: { sla: en } },
    interpolation: { escapeValue: false },
  });
});

const at = "2026-11-29T12:00:00Z";
const until = (seconds: number) => Date.parse(at) - seconds * 1000;
const say = (seconds: number, language = "ru") => dueWords(at, until(seconds), i18n.getFixedT(language));

describe("the tone of a promise", () => {
  // An hour was promised: a fifth of it is twelve minutes.
  const times = { at, warn_at: "2026-11-29T11:48:00Z" };
  it("is calm above a fifth, then soon, then late", () => {
    expect(dueTone(times, until(0.21 * 3600))).toBe("calm");
    expect(dueTone(times, until(0.19 * 3600))).toBe("soon");
    expect(dueTone(times, until(1))).toBe("soon");
    expect(dueTone(times, until(0))).toBe("late");
    expect(dueTone(times, until(-36))).toBe("late");
  });
});

describe("the words of a promise", () => {
  it("count down, the finer the nearer", () => {
    expect(say(3 * 86_400 + 4 * 3600 + 59)).toBe("3 д 4 ч");
    expect(say(2 * 86_400 + 20)).toBe("2 д");
    expect(say(2 * 3600 + 5 * 60 + 59)).toBe("2 ч 05 мин");
    expect(say(59 * 60 + 59)).toBe("59 мин");
    expect(say(120)).toBe("2 мин");
    expect(say(119)).toBe("1 мин 59 с");
    expect(say(45)).toBe("45 с");
  });
  it("count up when it is late", () => {
    expect(say(0)).toBe("−0 с");
    expect(say(-12 * 60)).toBe("−12 мин");
    expect(say(-65)).toBe("−1 мин 05 с");
    expect(say(-26 * 3600, "en")).toBe("−1 d 2 h");
  });
});

describe("the ticking", () => {
  it("is each second only near a deadline, before it and after", () => {
    const deadline = Date.parse(at);
    expect(tickDelay([deadline + 3_600_000, deadline], until(119))).toBe(1_000);
    expect(tickDelay([deadline], until(-119))).toBe(1_000);
    expect(tickDelay([deadline], until(121))).toBe(15_000);
    expect(tickDelay([], until(0))).toBe(15_000);
  });
});

it("counted time is told without days", () => {
  const t = i18n.getFixedT("ru");
  expect(lengthWords(72 * 3600, t)).toBe("72 ч");
  expect(lengthWords(5400, t)).toBe("1 ч 30 мин");
  expect(lengthWords(0, t)).toBe("0 мин");
  expect(measuredWords(1851, t)).toBe("30 мин 51 с");
  expect(elapsedWords(47 * 3600, t)).toBe("47 ч");
  expect(elapsedWords(1931 * 3600 + 49 * 60, t)).toBe("80 д 11 ч");
  expect(measuredWords(4241, t)).toBe("1 ч 10 мин");
  expect(percentWords(99.5, "ru")).toBe("99,5 %");
  expect(percentWords(100, "en")).toBe("100%");
});
