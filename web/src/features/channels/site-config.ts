// What the settings of a chat on a site mean to its widget, and in which part of the page each one stands. Pure.
import type { ChannelField } from "@/api/types.ts";

export const sections = ["look", "start", "invite", "hours", "away", "security", "rest"] as const;
export type SiteSection = (typeof sections)[number];

const places: Record<string, SiteSection> = {
  title: "look",
  greeting: "look",
  logo_url: "look",
  color: "look",
  corner: "look",
  offsets: "look",
  mobile_full_screen: "look",
  locale: "look",
  texts: "look",
  fields: "start",
  consent: "start",
  auto_open: "invite",
  chooser: "invite",
  hours: "hours",
  offline_mode: "hours",
  offline_text: "hours",
  mail_unseen: "away",
  mail_after_minutes: "away",
  left_after_seconds: "away",
  allowed_origins: "security",
  identity_secret: "security",
};

/** The fields in their sections; one that nobody has placed comes last. */
export function siteSections(
  fields: readonly ChannelField[],
): { section: SiteSection; fields: ChannelField[] }[] {
  return sections
    .map((section) => ({
      section,
      fields: fields.filter((field) => (places[field.name] ?? "rest") === section),
    }))
    .filter((each) => each.fields.length > 0);
}

/** What the widget asks for at its start, out of settings that are perhaps not saved yet. */
export function previewConfig(settings: Record<string, unknown>): Record<string, unknown> {
  const { locale, offline_mode, offline_text, max_file_mb, auto_open, texts, hours: _, ...rest } = settings;
  return {
    ...rest,
    locale: locale === "ru" || locale === "en" ? locale : null,
    texts: texts ?? {},
    // It would open by itself at every change of a letter.
    auto_open: null,
    offline: { mode: offline_mode || "form", text: offline_text ?? "" },
    max_file_bytes: Number(max_file_mb || 20) * 1024 * 1024,
    online: true,
    working_hours_text: "",
    opens_text: "",
  };
}
