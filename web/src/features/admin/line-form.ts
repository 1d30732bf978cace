// A line as its form holds it, and back. Pure.
import type { ChatRules, Line, NewLine } from "@/api/types.ts";

export interface LineValues {
  key: string;
  name: string;
  public_name: string;
  description: string;
  kind: Line["kind"];
  hide_operators: boolean;
  conversation_title: string;
  operator_group_ids: string[];
  supervisor_group_ids: string[];
  reader_group_ids: string[];
  signature_html: string;
  auto_reply_enabled: boolean;
  auto_reply_subject: string;
  auto_reply_text: string;
  chats_after_close: ChatRules["after_close"];
  /** Numbers are texts while they are typed. */
  chats_reopen_hours: string;
  /** Empty: conversations are not closed by themselves. */
  chats_idle_close_minutes: string;
  chats_farewell_text: string;
  chats_ask_rating: boolean;
}

const ids = (items: { id: string }[]) => items.map((item) => item.id);

export function lineValues(line: Line): LineValues {
  return {
    key: line.key,
    name: line.name,
    public_name: line.public_name,
    description: line.description,
    kind: line.kind,
    hide_operators: line.hide_operators,
    conversation_title: line.conversation_title,
    operator_group_ids: ids(line.operator_groups),
    supervisor_group_ids: ids(line.supervisor_groups),
    reader_group_ids: ids(line.reader_groups),
    signature_html: line.signature_html,
    auto_reply_enabled: line.auto_reply.enabled,
    auto_reply_subject: line.auto_reply.subject,
    auto_reply_text: line.auto_reply.text,
    chats_after_close: line.chats.after_close ?? "reopen",
    chats_reopen_hours: String(line.chats.reopen_hours ?? 72),
    chats_idle_close_minutes: line.chats.idle_close_minutes ? String(line.chats.idle_close_minutes) : "",
    chats_farewell_text: line.chats.farewell_text ?? "",
    chats_ask_rating: line.chats.ask_rating ?? false,
  };
}

export function newLine(values: LineValues): NewLine {
  const { auto_reply_enabled, auto_reply_subject, auto_reply_text, ...others } = values;
  const { chats_after_close, chats_reopen_hours, chats_idle_close_minutes, ...more } = others;
  const { chats_farewell_text, chats_ask_rating, ...rest } = more;
  return {
    ...rest,
    auto_reply: { enabled: auto_reply_enabled, subject: auto_reply_subject, text: auto_reply_text },
    chats: {
      after_close: chats_after_close,
      reopen_hours: Number(chats_reopen_hours) || 0,
      idle_close_minutes:
        chats_idle_close_minutes.trim() === "" ? null : Number(chats_idle_close_minutes) || 0,
      farewell_text: chats_farewell_text,
      ask_rating: chats_ask_rating,
    },
  };
}

/** Only what was changed; the automatic reply and the rules of chats go whole, as the server takes them. */
export function linePatch(values: LineValues, changed: Partial<LineValues>): Partial<NewLine> {
  const whole = newLine(values);
  const patch: Partial<NewLine> = {};
  for (const key of Object.keys(changed)) {
    if (key.startsWith("auto_reply_")) patch.auto_reply = whole.auto_reply;
    else if (key.startsWith("chats_")) patch.chats = whole.chats;
    else Object.assign(patch, { [key]: whole[key as keyof NewLine] });
  }
  return patch;
}

const letters: Record<string, string> = {
  а: "a",
  б: "b",
  в: "v",
  г: "g",
  д: "d",
  е: "e",
  ё: "e",
  ж: "zh",
  з: "z",
  и: "i",
  й: "y",
  к: "k",
  л: "l",
  м: "m",
  н: "n",
  о: "o",
  п: "p",
  р: "r",
  с: "s",
  т: "t",
  у: "u",
  ф: "f",
  х: "kh",
  ц: "ts",
  ч: "ch",
  ш: "sh",
  щ: "sch",
  ъ: "",
  ы: "y",
  ь: "",
  э: "e",
  ю: "yu",
  я: "ya",
};

/** A key to begin with: "Техническая поддержка" -> "TEKHNICHESKAYA-PODDERZHKA", at most 32 signs. */
export function suggestKey(name: string): string {
  return [...name.toLowerCase()]
    .map((sign) => letters[sign] ?? sign)
    .join("")
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "-")
    .slice(0, 32)
    .replace(/^-+|-+$/g, "");
}

/** On which tab of the line's page a value is shown. */
export const tabOf: Record<keyof LineValues, "general" | "groups" | "chats" | "signature" | "auto-reply"> = {
  key: "general",
  name: "general",
  public_name: "general",
  description: "general",
  kind: "general",
  hide_operators: "general",
  conversation_title: "general",
  operator_group_ids: "groups",
  supervisor_group_ids: "groups",
  reader_group_ids: "groups",
  signature_html: "signature",
  auto_reply_enabled: "auto-reply",
  auto_reply_subject: "auto-reply",
  auto_reply_text: "auto-reply",
  chats_after_close: "chats",
  chats_reopen_hours: "chats",
  chats_idle_close_minutes: "chats",
  chats_farewell_text: "chats",
  chats_ask_rating: "chats",
};
