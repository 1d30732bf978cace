// Names of the API's shapes, as the rest of the application imports them.
// Written by hand from the HTTP contract; once `schema.ts` is generated each name becomes a re-export of it and nothing else changes.

export type Id = string;
/** RFC 3339, UTC, microseconds. */
export type Time = string;
export type Locale = "ru" | "en";
export type Theme = "auto" | "light" | "dark";

export interface Page<T> {
  items: T[];
  next: string | null;
}
export interface Items<T> {
  items: T[];
}
export interface Named {
  id: Id;
  name: string;
}
export interface Person extends Named {
  avatar_color: number;
}

/** RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  field?: string | null;
  errors?: { field: string; code: string; detail: string }[] | null;
  /** Seconds to wait, from the header Retry-After. */
  retry_after?: number;
}

export type Permission =
  | "conversations.view"
  | "conversations.reply"
  | "conversations.note"
  | "conversations.assign"
  | "conversations.close"
  | "conversations.create"
  | "contacts.view"
  | "contacts.edit"
  | "tickets.view"
  | "tickets.edit"
  | "lines.manage"
  | "lines.all"
  | "channels.manage"
  | "users.manage"
  | "jobs.manage"
  | "quarantine.manage"
  | "tokens.own"
  | "settings.manage";

export interface RoleRef extends Named {
  key: string;
}
export interface LineRef extends Named {
  key: string;
}

export interface Me extends Person {
  email: string;
  role: RoleRef;
  permissions: string[];
  locale: Locale;
  theme: Theme;
  time_zone: string;
  lines: LineRef[];
  groups: Named[];
  company_name: string;
}
export interface MePatch {
  name?: string;
  locale?: Locale;
  theme?: Theme;
  time_zone?: string;
}
export interface SetupState {
  needed: boolean;
  version: string;
}
export interface Setup {
  company_name: string;
  name: string;
  email: string;
  password: string;
  locale: Locale;
  time_zone: string;
}
export interface Session {
  id: Id;
  created_at: Time;
  last_seen_at: Time;
  expires_at: Time;
  ip: string;
  user_agent: string;
  current: boolean;
}
export interface Token {
  id: Id;
  name: string;
  scopes: string[];
  prefix: string;
  created_at: Time;
  expires_at: Time | null;
  last_used_at: Time | null;
  user: Named;
}
export interface NewToken {
  name: string;
  scopes: string[];
  expires_at?: Time | null;
}

export interface CompanySettings {
  company_name: string;
  default_locale: Locale;
  default_time_zone: string;
}

export interface User extends Person {
  email: string;
  role: RoleRef;
  groups: Named[];
  blocked: boolean;
  locale: Locale;
  time_zone: string;
  created_at: Time;
  last_seen_at: Time | null;
}
export interface NewUser {
  name: string;
  email: string;
  password?: string;
  role_id: Id;
  group_ids: Id[];
  locale?: Locale;
  time_zone?: string;
}
export type UserPatch = Partial<NewUser> & { blocked?: boolean };
export interface Operator extends Person {
  groups: Id[];
  lines: Id[];
}
export interface Role extends RoleRef {
  preset: boolean;
  permissions: string[];
}
export interface Group extends Named {
  description: string;
  members: Person[];
  lines: { id: Id; name: string; role: "operators" | "supervisors" | "readers" }[];
}
export interface NewGroup {
  name: string;
  description?: string;
  member_ids: Id[];
}
export interface Line extends LineRef {
  public_name: string;
  description: string;
  kind: "external" | "internal";
  operator_groups: Named[];
  supervisor_groups: Named[];
  reader_groups: Named[];
  signature_html: string;
  auto_reply: { enabled: boolean; subject: string; text: string };
  archived_at: Time | null;
  created_at: Time;
}
export interface NewLine {
  key: string;
  name: string;
  public_name?: string;
  description?: string;
  kind?: "external" | "internal";
  operator_group_ids: Id[];
  supervisor_group_ids: Id[];
  reader_group_ids?: Id[];
  signature_html?: string;
  auto_reply?: { enabled: boolean; subject: string; text: string };
}

export type View = "mine" | "unassigned" | "open" | "snoozed" | "closed" | "all";
export type ConversationStatus = "open" | "snoozed" | "closed";
export type Priority = "none" | "low" | "medium" | "high";
export type Sort = "newest" | "oldest" | "number";

export interface ContactRef extends Person {
  company: Named | null;
}
export interface TicketRef {
  id: Id;
  number: number;
  status: TicketStatus;
}
export interface ConversationRow {
  id: Id;
  number: number;
  subject: string;
  status: ConversationStatus;
  priority: Priority;
  line: LineRef;
  contact: ContactRef;
  assignee: Person | null;
  channel: "email" | "manual";
  preview: string;
  last_from: "client" | "operator" | "system";
  last_message_at: Time;
  created_at: Time;
  message_count: number;
  unread: boolean;
  snoozed_until: Time | null;
  delivery: null | "queued" | "failed";
  ticket: TicketRef | null;
}
export interface Counters {
  mine: number;
  unassigned: number;
  open: number;
  snoozed: number;
  unread_mine: number;
  capped_at: number;
  lines: { line_id: Id; open: number; unassigned: number }[];
}
export interface Address {
  name?: string | null;
  address: string;
}
export interface Participant {
  identity_id: Id;
  name: string;
  address: string;
  role: "client" | "to" | "cc";
}
export interface Threading {
  rule: "reply_token" | "references" | "new_conversation" | "manual";
  explanation: string;
}
export interface Attachment {
  id: Id;
  name: string;
  content_type: string;
  size: number;
  inline: boolean;
  content_id: string | null;
  url: string;
  preview_url: string | null;
}
export interface Draft {
  kind: "outbound" | "note";
  html: string;
  attachments: Attachment[];
  to: Address[];
  cc: Address[];
  updated_at: Time;
}
export interface DraftBody {
  kind: "outbound" | "note";
  html: string;
  attachment_ids: Id[];
  to?: Address[];
  cc?: Address[];
}
export type DeliveryState = "queued" | "sending" | "sent" | "failed" | "cancelled";
export interface Delivery {
  state: DeliveryState;
  error: string | null;
  at: Time | null;
  attempts: number;
}
export interface Author {
  kind: "contact" | "user" | "system";
  id: Id | null;
  name: string;
  avatar_color: number;
  address: string | null;
}
export interface Message {
  id: Id;
  kind: "inbound" | "outbound" | "note";
  author: Author;
  created_at: Time;
  sent_at: Time | null;
  subject: string | null;
  html: string;
  text: string;
  has_quote: boolean;
  automatic: null | "auto_reply" | "bounce" | "acknowledgement";
  remote_images: boolean;
  to: Address[];
  cc: Address[];
  attachments: Attachment[];
  delivery: Delivery | null;
  threading: Threading | null;
  undo_until: Time | null;
}
export interface TimelineEvent {
  id: Id;
  at: Time;
  /** Null: Otklik itself. */
  actor: Named | null;
  kind: string;
  data: Record<string, unknown>;
}
export type TimelineItem = ({ type: "message" } & Message) | ({ type: "event" } & TimelineEvent);
export interface Conversation extends ConversationRow {
  messages: Page<TimelineItem>;
  participants: Participant[];
  can: { reply: boolean; note: boolean; assign: boolean; close: boolean };
  tickets: Ticket[];
  threading: Threading | null;
  closed_at: Time | null;
  first_reply_at: Time | null;
  mailbox: { id: Id; address: string } | null;
  draft: Draft | null;
  note_draft: Draft | null;
}
export interface NewConversation {
  line_id: Id;
  mailbox_id?: Id;
  to: Address[];
  cc?: Address[];
  subject: string;
  html?: string;
  text?: string;
  attachment_ids?: Id[];
}
export interface NewMessage {
  kind: "outbound" | "note";
  html: string;
  text?: string;
  attachment_ids: Id[];
  to?: Address[];
  cc?: Address[];
  close?: boolean;
  snooze_until?: Time;
  mention_ids?: Id[];
}
export interface UndoneMessage {
  html: string;
  text: string;
  attachments: Attachment[];
}
export interface MessageSource {
  html: string;
  text: string;
  headers: { name: string; value: string }[];
  raw_url: string | null;
}
export interface SearchHit {
  conversation: ConversationRow;
  snippet: string | null;
}

export interface Company extends Named {
  inn: string | null;
}
export interface Contact extends Person {
  company: Company | null;
  position: string;
  note: string;
  locale: string | null;
  time_zone: string | null;
  created_at: Time;
  identities: { id: Id; kind: "email" | "phone"; value: string }[];
  conversation_count: number;
}
export interface ContactPatch {
  name?: string;
  position?: string | null;
  note?: string | null;
  company?: { name: string; inn?: string | null } | null;
  time_zone?: string | null;
}

export type TicketType = "question" | "incident" | "claim" | "suggestion";
export type TicketStatus = "new" | "accepted" | "in_progress" | "waiting" | "resolved" | "closed";
export interface Ticket {
  id: Id;
  number: number;
  subject: string;
  type: TicketType;
  status: TicketStatus;
  priority: Priority;
  owner: Person | null;
  line: Named;
  contact: Named | null;
  created_at: Time;
  updated_at: Time;
  conversations: { id: Id; number: number; subject: string }[];
}
export interface NewTicket {
  subject: string;
  type: TicketType;
  priority: Priority;
  owner_id?: Id | null;
  status?: TicketStatus;
}

export type Security = "tls" | "starttls" | "none";
export type MailboxState = "active" | "connecting" | "broken" | "disabled";
export interface Mailbox {
  id: Id;
  line: Named;
  name: string;
  address: string;
  from_name: string | null;
  preset: string;
  enabled: boolean;
  imap: { host: string; port: number; security: Security; login: string; folder: string };
  smtp: { host: string; port: number; security: Security; login: string };
  auth: "password" | "oauth2";
  has_secret: boolean;
  oauth: { client_id: string; token_url: string; scope: string; has_refresh_token: boolean } | null;
  poll_seconds: number;
  sub_addressing: boolean;
  save_sent: boolean;
  group: Named | null;
  import_since: Time;
  state: MailboxState;
  state_reason: string | null;
  state_since: Time;
  last_check_at: Time | null;
  next_try_at: Time | null;
  ledger: {
    accepted: number;
    duplicate: number;
    automatic: number;
    quarantined: number;
    total: number;
    left_alone: number;
    server_total: number | null;
  };
}
export interface NewMailbox {
  line_id: Id;
  name: string;
  address: string;
  from_name?: string | null;
  preset: string;
  enabled?: boolean;
  imap: { host: string; port: number; security: Security; login: string; folder?: string };
  smtp: { host: string; port: number; security: Security; login?: string };
  auth: "password" | "oauth2";
  password?: string;
  smtp_password?: string;
  sub_addressing?: boolean;
  save_sent?: boolean;
  oauth?: {
    client_id: string;
    client_secret?: string;
    refresh_token?: string;
    token_url: string;
    scope?: string;
  };
  poll_seconds?: number;
  group_id?: Id | null;
  import_since?: Time;
}
export interface MailboxPreset {
  key: string;
  name: string;
  imap: { host: string; port: number; security: Security };
  smtp: { host: string; port: number; security: Security };
  auth: ("password" | "oauth2")[];
  token_url: string | null;
  scope: string | null;
  sub_addressing: boolean;
  saves_sent: boolean;
  hint: string;
}
export interface Check {
  ok: boolean;
  step: "resolve" | "connect" | "tls" | "login" | "folder" | "send" | null;
  message: string;
  technical: string | null;
}
export interface MailboxTest {
  ok: boolean;
  imap: Check;
  smtp: Check;
}
export type LedgerOutcome = "accepted" | "duplicate" | "automatic" | "quarantined";
export interface LedgerRow {
  id: Id;
  seen_at: Time;
  uid: number;
  uidvalidity: number;
  message_id_header: string | null;
  from: string | null;
  subject: string | null;
  size: number;
  outcome: LedgerOutcome;
  reason: string | null;
  conversation: { id: Id; number: number } | null;
}
export interface QuarantineItem {
  id: Id;
  mailbox: { id: Id; address: string } | null;
  line: Named;
  seen_at: Time;
  from: string | null;
  subject: string | null;
  size: number;
  error: string;
  technical: string | null;
  attempts: number;
}
export interface QuarantineDetail extends QuarantineItem {
  raw_preview: string;
  raw_url: string;
}
export interface ConversationLink {
  id: Id;
  number: number;
}
export interface QuarantineRetry {
  outcome: LedgerOutcome;
  conversation: { id: Id; number: number } | null;
  error: string | null;
}
export type JobState = "waiting" | "running" | "failed";
export interface Job {
  id: Id;
  kind: string;
  state: JobState;
  queue: string;
  attempts: number;
  max_attempts: number;
  run_at: Time;
  created_at: Time;
  started_at: Time | null;
  last_error: string | null;
  payload: Record<string, unknown>;
  lease_until: Time | null;
}
export interface JobCounters {
  waiting: number;
  running: number;
  failed: number;
  kinds: { kind: string; waiting: number; running: number; failed: number }[];
}
