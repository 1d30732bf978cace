import { describe, expect, it } from "vitest";
import { newRule } from "./rule-set.ts";
import { messageOf, nothingAsked, simulationOf } from "./try-model.ts";

describe("a made-up message", () => {
  it("says only what was given", () => {
    expect(messageOf({ ...nothingAsked, text: "Какая цена?" }, "Europe/Moscow")).toEqual({
      text: "Какая цена?",
      channel: "chat",
      utm: {},
    });
  });

  it("comes by the clock of the line", () => {
    const asked = { ...nothingAsked, at: "2026-11-28T15:00", utm: { ...nothingAsked.utm, source: " ya " } };
    expect(messageOf(asked, "Europe/Moscow")).toMatchObject({
      at: "2026-11-28T12:00:00.000Z",
      utm: { source: "ya" },
    });
  });

  it("is of the chosen client, whatever was typed before", () => {
    const asked = { ...nothingAsked, contact_id: "c", account: "a@b.test", client_name: "Инна" };
    const message = messageOf(asked, "UTC");
    expect(message.contact_id).toBe("c");
    expect(message.account).toBeUndefined();
    expect(message.client_name).toBeUndefined();
  });

  it("goes through the rules as they are edited, without those to be deleted", () => {
    const fallback = { target: { kind: "bot" as const }, overflow: null, manager_first: true };
    const rules = [newRule("a"), { ...newRule("b"), deleted: true }];
    const asked = simulationOf({ rules, fallback, version: 1 }, nothingAsked, "UTC");
    expect(asked.rules?.map((rule) => rule.name)).toEqual(["a"]);
    expect(asked).toMatchObject({ default_target: { kind: "bot" }, manager_first: true });
  });
});
