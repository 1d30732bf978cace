// The settings of a channel as a form holds them: each under `settings_NAME`, as the server's field `settings.NAME` is read. Pure.
import type { Channel, ChannelField, ChannelKind } from "@/api/types.ts";

export type ChannelValues = {
  line_id: string;
  name: string;
  /** Empty: every group of the line. */
  group_id: string;
} & { [setting: `settings_${string}`]: unknown };

export const keyOf = (field: Pick<ChannelField, "name">) => `settings_${field.name}` as const;

const blank = (field: ChannelField): unknown => {
  if (field.kind === "boolean") return false;
  return field.kind === "json" ? null : "";
};

/** What a field shows for a stored value; numbers are texts while they are typed. */
function shown(field: ChannelField, value: unknown): unknown {
  if (field.kind === "secret") return "";
  if (value === null || value === undefined) return blank(field);
  return field.kind === "number" ? String(value) : value;
}

export function newValues(kind: ChannelKind, line_id: string): ChannelValues {
  const values: ChannelValues = { line_id, name: "", group_id: "" };
  for (const field of kind.fields) values[keyOf(field)] = shown(field as ChannelField, field.default);
  return values;
}

export function channelValues(channel: Channel, fields: readonly ChannelField[]): ChannelValues {
  const settings = channel.settings as Record<string, unknown>;
  const values: ChannelValues = {
    line_id: channel.line.id,
    name: channel.name,
    group_id: channel.group?.id ?? "",
  };
  for (const field of fields) values[keyOf(field)] = shown(field, settings[field.name]);
  return values;
}

/** The value as the server takes it; undefined for what is to stay as it is. */
export function sent(field: ChannelField, value: unknown): unknown {
  if (field.kind === "secret") return value === "" ? undefined : value;
  if (field.kind !== "number") return value;
  const text = String(value).trim();
  if (text === "") return null;
  // Not a number: the server says so beside the field.
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

export function settingsOf(
  values: ChannelValues,
  fields: readonly ChannelField[],
  only?: Partial<ChannelValues>,
): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const field of fields) {
    const key = keyOf(field);
    if (only && !(key in only)) continue;
    const value = sent(field, values[key]);
    if (value !== undefined) settings[field.name] = value;
  }
  return settings;
}

export interface ChannelPatch {
  line_id?: string;
  name?: string;
  group_id?: string | null;
  settings?: Record<string, unknown>;
}

/** Only what was changed. */
export function channelPatch(
  values: ChannelValues,
  changed: Partial<ChannelValues>,
  fields: readonly ChannelField[],
): ChannelPatch {
  const patch: ChannelPatch = {};
  if (changed.line_id !== undefined) patch.line_id = changed.line_id;
  if (changed.name !== undefined) patch.name = changed.name.trim();
  if (changed.group_id !== undefined) patch.group_id = changed.group_id || null;
  const settings = settingsOf(values, fields, changed);
  if (Object.keys(settings).length > 0) patch.settings = settings;
  return patch;
}

/** Required fields that are empty; a stored secret may stay as it is. */
export function missing(
  values: ChannelValues,
  fields: readonly ChannelField[],
  stored: Record<string, unknown> = {},
): string[] {
  return fields
    .filter((field) => {
      if (!field.required) return false;
      if (field.kind === "secret" && stored[`has_${field.name}`] === true) return false;
      const value = values[keyOf(field)];
      return value === "" || value === null;
    })
    .map(keyOf);
}
