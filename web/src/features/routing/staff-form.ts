// The settings of distribution and the limits of a person as their forms hold them, and back. Pure.
// Numbers are what a number field holds: a number, or a text while it is typed; an empty one is "not set".
import type { ChannelKindName } from "@/api/types.ts";
import { channelKinds, type OperatorView, type RoutingSettings, type SkillLevel } from "./staff-queries.ts";

type Amount = number | string;

export type SettingsValues = {
  default_limit: Amount;
  away_after_minutes: Amount;
  offline_after_minutes: Amount;
  offer_seconds: Amount;
  aging_minutes_per_level: Amount;
  only_online_assignable: boolean;
  distribute_common_queue: boolean;
  only_on_shift: boolean;
} & { [weight: `channel_weights_${string}`]: Amount };

export const weightKey = (kind: ChannelKindName) => `channel_weights_${kind}` as const;

export function toValues(settings: RoutingSettings): SettingsValues {
  const { channel_weights, ...rest } = settings;
  const values: SettingsValues = rest;
  for (const kind of channelKinds) values[weightKey(kind)] = channel_weights[kind] ?? "";
  return values;
}

/** A field that was emptied is 0, which the server refuses beside the field. */
const whole = (value: Amount) => Number(value) || 0;

/** The amounts of the kinds that have one. */
function amounts(of: (kind: ChannelKindName) => Amount | undefined): Record<string, number> {
  const found: Record<string, number> = {};
  for (const kind of channelKinds) {
    const value = of(kind);
    if (value !== undefined && value !== "") found[kind] = Number(value);
  }
  return found;
}

export function fromValues(values: SettingsValues): RoutingSettings {
  return {
    default_limit: whole(values.default_limit),
    away_after_minutes: whole(values.away_after_minutes),
    offline_after_minutes: whole(values.offline_after_minutes),
    offer_seconds: whole(values.offer_seconds),
    aging_minutes_per_level: whole(values.aging_minutes_per_level),
    only_online_assignable: values.only_online_assignable,
    distribute_common_queue: values.distribute_common_queue,
    only_on_shift: values.only_on_shift,
    channel_weights: amounts((kind) => values[weightKey(kind)]),
  };
}

export type WorkValues = {
  /** Empty: as everybody. */
  limit: Amount;
  skills: SkillLevel[];
} & { [channel: `by_channel_${string}`]: Amount };

export const channelKey = (kind: ChannelKindName) => `by_channel_${kind}` as const;

export function workValues(operator: OperatorView, skills: SkillLevel[]): WorkValues {
  const values: WorkValues = { limit: operator.own_limit ?? "", skills };
  for (const kind of channelKinds) values[channelKey(kind)] = operator.channel_limits[kind] ?? "";
  return values;
}

export function limitsOf(values: WorkValues): { limit: number | null; by_channel: Record<string, number> } {
  return {
    limit: values.limit === "" ? null : Number(values.limit),
    by_channel: amounts((kind) => values[channelKey(kind)]),
  };
}
