// What the visitor API says (`/api/v1/site/{key}`), as far as the widget uses it.

export type Language = "ru" | "en";

export interface Offset {
  x: number;
  y: number;
}

export interface Field {
  /** `name`, `email` and `phone` are known; any other one is the administrator's own. */
  name: string;
  label: string;
  required: boolean;
}

export type RuleKind = "url_equals" | "url_contains" | "page_seconds" | "site_seconds";

export interface Rule {
  kind: RuleKind;
  value: string | number;
}

export interface AutoOpen {
  mode: "any" | "every";
  rules: Rule[];
  action: "open" | "message" | "form";
  message: string;
}

export interface ChooserItem {
  /** A messenger's name, `chat` for this chat, `mail` for the mail form. */
  kind: string;
  url?: string | null;
  title: string;
}

export interface Config {
  title: string;
  greeting: string;
  logo_url?: string | null;
  color: string;
  corner: "right" | "left";
  offsets: { desktop: Offset; mobile: Offset };
  mobile_full_screen: boolean;
  /** The language to speak, whatever the visitor's browser says; empty: as the page and the browser say. */
  locale?: Language | null;
  /** The administrator's own words in place of the built-in ones, by language and key. */
  texts?: Partial<Record<Language, Record<string, string>>>;
  fields: Field[];
  consent?: { text: string; url?: string | null } | null;
  auto_open?: AutoOpen | null;
  chooser: ChooserItem[];
  online: boolean;
  working_hours_text?: string | null;
  /** When somebody answers again, in words. */
  opens_text?: string | null;
  /** What happens outside working hours: `form` asks for a mail address, `chat` takes messages as always, `hide` shows nothing. */
  offline: { mode: "form" | "chat" | "hide"; text: string };
  sound: boolean;
  ask_rating: boolean;
  edit_minutes: number;
  max_file_bytes: number;
}

export interface Page {
  url: string;
  title: string;
  referrer: string;
  utm: Record<string, string>;
}

export interface Visitor {
  id: string;
  name?: string | null;
  email?: string | null;
  phone?: string | null;
  /** A person the site vouched for. */
  known: boolean;
}

/** A signed identity, given by the site that the widget stands on. */
export interface SignedUser {
  id?: string;
  name?: string;
  email?: string;
  phone?: string;
  /** HMAC-SHA256 of the id, hex. */
  hmac?: string;
  /** Or all of it in one signed token. */
  jwt?: string;
}

export interface Conversation {
  id: string;
  status: string;
  number?: number | string;
  ask_rating?: boolean;
  /** Those that may be given. */
  marks?: number[];
}

export interface Attachment {
  id: string;
  name: string;
  content_type: string;
  size: number;
  url?: string | null;
  media?: string | null;
}

export interface KeyboardButton {
  title: string;
  payload?: string | null;
  url?: string | null;
}

export interface Message {
  id: string;
  client_id?: string | null;
  from: "visitor" | "operator" | "system";
  author?: { name: string; avatar_color?: number | null } | null;
  html?: string | null;
  text: string;
  created_at: string;
  edited_at?: string | null;
  deleted: boolean;
  attachments: Attachment[];
  state?: "sent" | "delivered" | "read";
  reply_to?: { id: string; text: string; author?: string | null } | null;
  keyboard?: KeyboardButton[][] | null;
  by_mail?: boolean;
  /** The name of the conversation with several people it was said in. */
  group?: string | null;
}

export interface MessagePage {
  items: Message[];
  next?: string | null;
  conversation?: Conversation | null;
}

export interface Session {
  visitor_token: string;
  visitor: Visitor;
  conversation?: Conversation | null;
  unread: number;
}

/** What the server says over the WebSocket. `cursor`: where to go on after a lost connection. */
export type Frame = { cursor?: string } & (
  | { type: "hello" }
  /** More was missed than is told one by one. */
  | { type: "reset" }
  | { type: "message"; message: Message }
  /** Taken back before it counted as sent. */
  | { type: "withdrawn"; id: string }
  | { type: "typing"; name?: string | null }
  | { type: "conversation"; id?: string; status: string; ask_rating?: boolean; marks?: number[] }
  | { type: "read"; up_to: string }
);
