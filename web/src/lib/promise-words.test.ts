import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import type { SlaClockEntry, SlaSegment } from "@/api/types.ts";
import en from "@/i18n/en/sla.json";
import ru from "@/i18n/ru/sla.json";
import { byDays, logWords, standingWords } from "./promise-words.ts";

const i18n = i18next.createInstance();
beforeAll(async () => {
  await i18n.init({
    lng: "ru",
    resources: { ru: { sla: ru }, en: { sla: en } },
    interpolation: { escapeValue: false },
  });
});

const entry = (what: SlaClockEntry["what"], more: Partial<SlaClockEntry> = {}): SlaClockEntry => ({
  at: "2026-12-30T10:50:00Z",
  what,
  reason: null,
  step: null,
  target_seconds: null,
  done: false,
  ...more,
});

test("what happened to a promise is said in words", () => {
  const say = (one: SlaClockEntry, language = "ru") => logWords(one, i18n.getFixedT(language));
  expect(say(entry("started", { reason: "client_wrote" }))).toBe("Время пошло: клиент написал");
  expect(say(entry("paused", { reason: "snoozed" }))).toBe("Время остановилось: диалог отложен");
  expect(say(entry("changed", { reason: "priority", target_seconds: 900 }))).toBe(
    "Новый срок, 15 мин: сменился приоритет",
  );
  expect(say(entry("step", { step: 1 }), "en")).toBe("Step 2 of the policy was taken");
  expect(say(entry("missed"))).toBe("Срок истёк");
  expect(say(entry("done", { reason: "something_new" }))).toBe("Обещанное сделано");
});

test("a promise says how it stands", () => {
  const say = (
    state: "running" | "paused" | "done" | "dropped",
    missed: boolean,
    paused_for: string | null = null,
  ) =>
    standingWords(
      { state, missed_at: missed ? "2026-12-30T10:50:00Z" : null, paused_for },
      i18n.getFixedT("ru"),
    );
  expect(say("running", false)).toBe("Идёт");
  expect(say("running", true)).toBe("Просрочен, ещё не выполнен");
  expect(say("paused", false, "awaiting_client")).toBe("Стоит: ждём ответа клиента");
  expect(say("done", false)).toBe("Выполнен в срок");
  expect(say("done", true)).toBe("Выполнен с опозданием");
  expect(say("dropped", false)).toBe("Снят");
});

test("time is told by days, and a holiday of many days is one piece", () => {
  const piece = (from: string, to: string, reason: string, counted_seconds = 0, name = ""): SlaSegment => ({
    from: `${from}:00Z`,
    to: `${to}:00Z`,
    reason,
    counted_seconds,
    name,
  });
  const days = byDays(
    [
      piece("2026-12-30T10:50", "2026-12-30T11:00", "exception_hours", 600),
      piece("2026-12-30T11:00", "2026-12-30T21:00", "off_hours"),
      piece("2026-12-30T21:00", "2026-12-31T21:00", "exception_off"),
      piece("2026-12-31T21:00", "2027-01-01T21:00", "exception_off"),
      piece("2027-01-11T06:00", "2027-01-11T07:00", "working_hours", 3600),
      piece("2027-01-11T07:00", "2027-01-11T09:00", "paused"),
    ],
    "Europe/Moscow",
  );
  expect(days.map(({ key, pieces }) => [key, pieces.map(({ reason }) => reason)])).toEqual([
    ["2026-12-30", ["exception_hours", "off_hours"]],
    ["2026-12-31", ["exception_off"]],
    ["2027-01-11", ["working_hours", "paused"]],
  ]);
  expect(days[1]?.pieces[0]?.to).toBe("2027-01-01T21:00:00Z");
});
