import { expect, test } from "vitest";
import { fromValues, limitsOf, toValues, workValues } from "./staff-form.ts";
import type { OperatorView, RoutingSettings } from "./staff-queries.ts";

const settings: RoutingSettings = {
  default_limit: 10,
  channel_weights: { chat: 1, email: 0.5 },
  away_after_minutes: 5,
  offline_after_minutes: 2,
  offer_seconds: 60,
  aging_minutes_per_level: 30,
  only_online_assignable: true,
  distribute_common_queue: false,
  only_on_shift: true,
};

test("settings come back as they were", () => {
  expect(fromValues(toValues(settings))).toEqual(settings);
});

test("a weight that is emptied is left out, a number that is emptied is refused by the server", () => {
  const values = { ...toValues(settings), channel_weights_email: "", default_limit: "" };
  expect(fromValues(values)).toMatchObject({ channel_weights: { chat: 1 }, default_limit: 0 });
});

test("limits of a person: nothing is 'as everybody', zero is 'none at all'", () => {
  const operator = { own_limit: null, channel_limits: { chat: 3 } } as unknown as OperatorView;
  const values = workValues(operator, []);
  expect(values.limit).toBe("");
  expect(limitsOf(values)).toEqual({ limit: null, by_channel: { chat: 3 } });
  expect(limitsOf({ ...values, limit: 0, by_channel_chat: "" })).toEqual({ limit: 0, by_channel: {} });
});
