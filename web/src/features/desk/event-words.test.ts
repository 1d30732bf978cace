import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import en from "@/i18n/en/desk.json";
import enSla from "@/i18n/en/sla.json";
import ru from "@/i18n/ru/desk.json";
import ruSla from "@/i18n/ru/sla.json";
import { eventWords } from "./event-words.ts";

const i18n = i18next.createInstance();
beforeAll(async () => {
  const channels = { kind: { telegram: "Telegram" } };
  await i18n.init({
    lng: "ru",
    resources: { ru: { desk: ru, channels, sla: ruSla }, en: { desk: en, channels, sla: enSla } },
    interpolation: { escapeValue: false },
  });
});

const anna = { id: "u1", name: "Анна Ким" };
const say = (
  kind: string,
  data: Record<string, unknown>,
  actor: typeof anna | null = anna,
  language: "en" | "ru" = "ru",
) => eventWords({ kind, data, actor }, i18n.getFixedT(language), language, (at) => at);

describe("what happened to a conversation", () => {
  it("a hop is told with its comment", () => {
    const group = { to: null, group: { name: "1С" }, comment: "Нужен разработчик" };
    expect(say("conversation_transferred", group)).toBe("Анна Ким передала группе «1С»: «Нужен разработчик»");
    expect(say("conversation_transferred", { to: { name: "Пётр Лосев" }, comment: "" })).toBe(
      "Анна Ким передала: Пётр Лосев",
    );
    expect(say("conversation_transferred", { to: null, to_line: { name: "Вторая линия" } }, anna, "en")).toBe(
      "Анна Ким transferred it to the line “Вторая линия”",
    );
    expect(say("conversation_transferred", { to: null, to_queue: true })).toBe(
      "Анна Ким вернула в общую очередь",
    );
  });

  it("what was given by itself says why", () => {
    const why = { ru: "больше взять некому: 0 из 5", en: "nobody else can take it: 0 of 5" };
    const data = { to: { name: "Пётр Лосев" }, source: "rule", why };
    expect(say("conversation_assigned", data, null)).toBe(
      "Назначено автоматически: Пётр Лосев (больше взять некому: 0 из 5)",
    );
    expect(say("conversation_routed", { why }, null, "en")).toBe("nobody else can take it: 0 of 5");
    expect(say("conversation_assigned", { to: anna })).toBe("Анна Ким взяла в работу");
  });

  it("what became of a promise names its norm and its policy", () => {
    const data = { norm: "reaction", due_at: "12:00", policy: "Стандарт", tell: ["u1"] };
    expect(say("sla_reminded", data, null)).toBe("Напоминание: срок реакции — 12:00 (норматив «Стандарт»)");
    expect(say("sla_missed", data, null)).toBe("Срок реакции истёк (норматив «Стандарт»)");
    expect(say("sla_escalated", { ...data, norm: "resolution" }, null, "en")).toBe(
      "The time of the resolution is over, a step of the policy “Стандарт” was taken",
    );
  });

  it("what the client did has words", () => {
    expect(say("conversation_rated", { stars: 4 }, null)).toBe("Клиент поставил оценку: 4 из 5");
    expect(say("ticket_created", { number: 42 })).toBe("Анна Ким создала обращение 42");
    for (const kind of [
      "client_blocked_channel",
      "client_allowed_channel",
      "client_started_chat",
      "marked_spam",
    ]) {
      expect(say(kind, {}), kind).not.toBe(say("unheard_of", {}));
    }
  });
});
