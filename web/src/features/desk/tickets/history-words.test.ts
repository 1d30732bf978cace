import type { TFunction } from "i18next";
import { describe, expect, it } from "vitest";
import type { TicketEvent } from "@/api/types.ts";
import { changeWords, resultWords } from "./history-words.ts";

const t = ((key: string, { defaultValue: _, ...values }: Record<string, string> = {}) =>
  [key.split(".").at(-1), ...Object.values(values)].join(" | ")) as unknown as TFunction;
const words = (change: TicketEvent["changes"][number]) => changeWords(change, t, (at) => `moment ${at}`);

describe("the history of a ticket", () => {
  it("tells codes in words", () => {
    expect(words({ field: "status", from: "new", to: "waiting" })).toBe("change | status | new | waiting");
  });
  it("tells a new plan without what was before, and a changed one with it", () => {
    expect(words({ field: "waiting_reason", from: null, to: "Ждём" })).toBe("set | waiting_reason | Ждём");
    expect(words({ field: "waiting_until", from: null, to: "16:00" })).toBe(
      "set | waiting_until | moment 16:00",
    );
    expect(words({ field: "waiting_until", from: "16:00", to: null })).toBe(
      "change | waiting_until | moment 16:00 | nothingThere",
    );
  });
  it("names a solution, and what came of a task as it was said", () => {
    const event = { kind: "ticket_updated", result: "Заменили" } as TicketEvent;
    expect(resultWords(event, t)).toBe("solved | Заменили");
    expect(resultWords({ ...event, kind: "task_done" }, t)).toBe("Заменили");
  });
});
