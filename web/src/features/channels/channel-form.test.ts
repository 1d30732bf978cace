import { describe, expect, it } from "vitest";
import type { Channel, ChannelField, ChannelKind } from "@/api/types.ts";
import { channelPatch, channelValues, missing, newValues, settingsOf } from "./channel-form.ts";

const field = (name: string, kind: string, more: Partial<ChannelField> = {}): ChannelField => ({
  name,
  kind,
  label: name,
  help: "",
  required: false,
  default: null,
  options: [],
  min: null,
  max: null,
  ...more,
});
const fields = [
  field("token", "secret", { required: true }),
  field("minutes", "number", { default: 5 }),
  field("sound", "boolean", { default: true }),
  field("fields", "json", { default: [] }),
];
const kind = { kind: "chat", fields } as unknown as ChannelKind;
const stored = { has_token: true, minutes: 7, sound: false, fields: [{ name: "name" }] };
const channel = {
  line: { id: "line" },
  name: "Магазин",
  group: null,
  settings: stored,
} as unknown as Channel;

describe("settings of a channel in a form", () => {
  it("begin with the defaults", () => {
    expect(newValues(kind, "line")).toEqual({
      line_id: "line",
      name: "",
      group_id: "",
      settings_token: "",
      settings_minutes: "5",
      settings_sound: true,
      settings_fields: [],
    });
  });

  it("never show a secret, and leave an untouched one alone", () => {
    const values = channelValues(channel, fields);
    expect(values.settings_token).toBe("");
    expect(settingsOf(values, fields)).toEqual({ minutes: 7, sound: false, fields: [{ name: "name" }] });
    expect(settingsOf({ ...values, settings_token: "new" }, fields).token).toBe("new");
  });

  it("send only what was changed", () => {
    const values = { ...channelValues(channel, fields), settings_minutes: "9", group_id: "" };
    expect(channelPatch(values, { settings_minutes: "9" }, fields)).toEqual({ settings: { minutes: 9 } });
    expect(channelPatch(values, { group_id: "" }, fields)).toEqual({ group_id: null });
  });

  it("send what is not a number as it was typed, for the server to name the field", () => {
    const values = { ...channelValues(channel, fields), settings_minutes: "семь" };
    expect(settingsOf(values, fields).minutes).toBe("семь");
  });

  it("ask for what is required, but not for a secret that is stored", () => {
    const values = newValues(kind, "line");
    expect(missing(values, fields)).toEqual(["settings_token"]);
    expect(missing(values, fields, stored)).toEqual([]);
  });
});
