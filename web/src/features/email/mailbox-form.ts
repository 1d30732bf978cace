// A mailbox as its form holds it: flat, everything a text or a flag. Pure.
import type { Mailbox, MailboxPatch, MailboxPreset, NewMailbox, Security } from "@/api/types.ts";

export interface MailboxValues {
  line_id: string;
  name: string;
  address: string;
  from_name: string;
  preset: Mailbox["preset"] | "";
  imap_host: string;
  imap_port: string;
  imap_security: Security;
  imap_login: string;
  imap_folder: string;
  smtp_host: string;
  smtp_port: string;
  smtp_security: Security;
  smtp_login: string;
  /** The sending side has a login and a password of its own. */
  smtp_own: boolean;
  auth: "password" | "oauth2";
  password: string;
  smtp_password: string;
  oauth_client_id: string;
  oauth_client_secret: string;
  oauth_refresh_token: string;
  oauth_token_url: string;
  oauth_scope: string;
  poll_seconds: string;
  sub_addressing: boolean;
  save_sent: boolean;
  /** Empty: every group of the line. */
  group_id: string;
  /** How far back mail is taken. */
  import_days: ImportDays;
}

export const importDays = ["0", "7", "30", "365"] as const;
export type ImportDays = (typeof importDays)[number];

export const emptyMailbox: MailboxValues = {
  line_id: "",
  name: "",
  address: "",
  from_name: "",
  preset: "",
  imap_host: "",
  imap_port: "993",
  imap_security: "tls",
  imap_login: "",
  imap_folder: "INBOX",
  smtp_host: "",
  smtp_port: "465",
  smtp_security: "tls",
  smtp_login: "",
  smtp_own: false,
  auth: "password",
  password: "",
  smtp_password: "",
  oauth_client_id: "",
  oauth_client_secret: "",
  oauth_refresh_token: "",
  oauth_token_url: "",
  oauth_scope: "",
  poll_seconds: "60",
  sub_addressing: false,
  save_sent: false,
  group_id: "",
  import_days: "0",
};

/** What choosing a provider fills in. */
export function presetValues(preset: MailboxPreset): Partial<MailboxValues> {
  return {
    preset: preset.key,
    imap_host: preset.imap.host,
    imap_port: String(preset.imap.port),
    imap_security: preset.imap.security,
    smtp_host: preset.smtp.host,
    smtp_port: String(preset.smtp.port),
    smtp_security: preset.smtp.security,
    auth: preset.auth[0] ?? "password",
    oauth_token_url: preset.token_url ?? "",
    oauth_scope: preset.scope ?? "",
    sub_addressing: preset.sub_addressing,
    save_sent: !preset.saves_sent,
  };
}

export function mailboxValues(mailbox: Mailbox): MailboxValues {
  const { imap, smtp, oauth } = mailbox;
  return {
    ...emptyMailbox,
    line_id: mailbox.line.id,
    name: mailbox.name,
    address: mailbox.address,
    from_name: mailbox.from_name ?? "",
    preset: mailbox.preset,
    imap_host: imap.host,
    imap_port: String(imap.port),
    imap_security: imap.security,
    imap_login: imap.login,
    imap_folder: imap.folder,
    smtp_host: smtp.host,
    smtp_port: String(smtp.port),
    smtp_security: smtp.security,
    smtp_login: smtp.login,
    smtp_own: smtp.login !== imap.login,
    auth: mailbox.auth,
    oauth_client_id: oauth?.client_id ?? "",
    oauth_token_url: oauth?.token_url ?? "",
    oauth_scope: oauth?.scope ?? "",
    poll_seconds: String(mailbox.poll_seconds),
    sub_addressing: mailbox.sub_addressing,
    save_sent: mailbox.save_sent,
    group_id: mailbox.group?.id ?? "",
  };
}

/** A port as a number; 0 for what is none, so that the server names the field. */
function port(text: string): number {
  return /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
}

const given = (text: string) => (text === "" ? undefined : text);

function oauthOf(values: MailboxValues): NewMailbox["oauth"] {
  return {
    client_id: values.oauth_client_id.trim(),
    client_secret: given(values.oauth_client_secret),
    refresh_token: given(values.oauth_refresh_token),
    token_url: values.oauth_token_url.trim(),
    scope: values.oauth_scope.trim(),
  };
}

function imapOf(values: MailboxValues): NewMailbox["imap"] {
  return {
    host: values.imap_host.trim(),
    port: port(values.imap_port),
    security: values.imap_security,
    login: values.imap_login.trim() || values.address.trim(),
    folder: values.imap_folder.trim() || "INBOX",
  };
}

function smtpOf(values: MailboxValues): NewMailbox["smtp"] {
  const login = values.smtp_own ? values.smtp_login.trim() : imapOf(values).login;
  return {
    host: values.smtp_host.trim(),
    port: port(values.smtp_port),
    security: values.smtp_security,
    login,
  };
}

/** The whole body, for creating and for testing. Secrets that were not typed are left out. */
export function newMailbox(values: MailboxValues, now: Date): NewMailbox {
  return {
    line_id: values.line_id,
    name: values.name.trim(),
    address: values.address.trim(),
    from_name: values.from_name.trim(),
    preset: values.preset || "custom",
    imap: imapOf(values),
    smtp: smtpOf(values),
    auth: values.auth,
    password: given(values.password),
    smtp_password: values.smtp_own ? given(values.smtp_password) : undefined,
    oauth: values.auth === "oauth2" ? oauthOf(values) : undefined,
    poll_seconds: Number(values.poll_seconds) || 0,
    sub_addressing: values.sub_addressing,
    save_sent: values.save_sent,
    group_id: values.group_id || null,
    import_since: new Date(now.getTime() - Number(values.import_days) * 86_400_000).toISOString(),
  };
}

/** Only what was changed; a side of the connection goes whole. */
export function mailboxPatch(values: MailboxValues, changed: Partial<MailboxValues>): MailboxPatch {
  const patch: MailboxPatch = {};
  const touched = (...keys: (keyof MailboxValues)[]) => keys.some((key) => key in changed);
  if (touched("line_id")) patch.line_id = values.line_id;
  if (touched("name")) patch.name = values.name.trim() || values.address.trim();
  if (touched("address")) patch.address = values.address.trim();
  if (touched("from_name")) patch.from_name = values.from_name.trim();
  if (touched("imap_host", "imap_port", "imap_security", "imap_login", "imap_folder"))
    patch.imap = imapOf(values);
  if (touched("smtp_host", "smtp_port", "smtp_security", "smtp_login", "smtp_own", "imap_login"))
    patch.smtp = smtpOf(values);
  if (touched("auth")) patch.auth = values.auth;
  if (changed.password) patch.password = changed.password;
  if (changed.smtp_password && values.smtp_own) patch.smtp_password = changed.smtp_password;
  if (changed.smtp_own === false) patch.smtp_password = null;
  const oauth = [
    "oauth_client_id",
    "oauth_client_secret",
    "oauth_refresh_token",
    "oauth_token_url",
    "oauth_scope",
  ] as const;
  if (values.auth === "oauth2" && touched("auth", ...oauth)) patch.oauth = oauthOf(values);
  if (touched("poll_seconds")) patch.poll_seconds = Number(values.poll_seconds) || 0;
  if (touched("sub_addressing")) patch.sub_addressing = values.sub_addressing;
  if (touched("save_sent")) patch.save_sent = values.save_sent;
  if (touched("group_id")) patch.group_id = values.group_id || null;
  return patch;
}

/** The provider that an address most likely belongs to, by its domain; null when one cannot tell. */
export function guessPreset(address: string): string | null {
  const domain = address.trim().toLowerCase().split("@")[1] ?? "";
  if (/^(yandex\.(ru|com|by|kz|com\.tr)|ya\.ru|narod\.ru)$/.test(domain)) return "yandex";
  if (/^(mail|inbox|list|bk|internet|xmail)\.ru$/.test(domain)) return "mailru";
  if (/^(gmail|googlemail)\.com$/.test(domain)) return "gmail";
  if (/^(outlook|hotmail|live|msn)\.(com|ru)$|\.onmicrosoft\.com$/.test(domain)) return "microsoft365";
  return null;
}
