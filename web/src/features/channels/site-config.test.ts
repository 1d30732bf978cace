import { describe, expect, it } from "vitest";
import type { ChannelField } from "@/api/types.ts";
import { previewConfig, siteSections } from "./site-config.ts";

const field = (name: string) => ({ name }) as ChannelField;

describe("the page of a chat on a site", () => {
  it("puts every field into one section, unknown ones last", () => {
    const shown = siteSections(["edit_minutes", "color", "consent", "something_new"].map(field));
    expect(shown.map(({ section, fields }) => [section, fields.map((each) => each.name)])).toEqual([
      ["look", ["color"]],
      ["start", ["consent"]],
      ["rest", ["edit_minutes", "something_new"]],
    ]);
  });

  it("gives the widget what the server would, and never lets it open by itself", () => {
    const config = previewConfig({
      title: "Чат",
      locale: "auto",
      offline_mode: "chat",
      offline_text: "Ночью спим",
      max_file_mb: 2,
      auto_open: { mode: "any" },
    });
    expect(config).toMatchObject({
      title: "Чат",
      locale: null,
      auto_open: null,
      offline: { mode: "chat", text: "Ночью спим" },
      max_file_bytes: 2_097_152,
    });
    expect(previewConfig({ locale: "en" }).locale).toBe("en");
  });
});
