import { expect, test } from "vitest";
import type { Mailbox, MailboxPreset } from "@/api/types.ts";
import {
  emptyMailbox,
  guessPreset,
  mailboxPatch,
  mailboxValues,
  newMailbox,
  presetValues,
} from "./mailbox-form.ts";

const now = new Date("2026-11-21T10:00:00Z");
const microsoft: MailboxPreset = {
  key: "microsoft365",
  name: "Microsoft 365",
  imap: { host: "outlook.office365.com", port: 993, security: "tls" },
  smtp: { host: "smtp.office365.com", port: 587, security: "starttls" },
  auth: ["oauth2"],
  token_url: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
  scope: "offline_access",
  sub_addressing: true,
  saves_sent: true,
  hint: "",
};
const mailbox: Mailbox = {
  id: "m1",
  line: { id: "l1", key: "S", name: "Поддержка" },
  name: "Почта поддержки",
  address: "support@romashka.ru",
  from_name: "",
  preset: "yandex",
  enabled: true,
  imap: { host: "imap.yandex.ru", port: 993, security: "tls", login: "support@romashka.ru", folder: "INBOX" },
  smtp: { host: "smtp.yandex.ru", port: 465, security: "tls", login: "support@romashka.ru" },
  auth: "password",
  has_secret: true,
  oauth: null,
  poll_seconds: 60,
  sub_addressing: true,
  save_sent: false,
  group: null,
  import_since: "2026-11-01T00:00:00Z",
  state: "active",
  state_reason: null,
  state_since: "2026-11-21T10:00:00Z",
  last_check_at: null,
  next_try_at: null,
  ledger: {
    accepted: 1,
    duplicate: 0,
    automatic: 0,
    quarantined: 0,
    blocked: 0,
    total: 1,
    left_alone: 0,
    server_total: null,
  },
  created_at: "2026-11-01T00:00:00Z",
};

test("a new mailbox signs in with its address on both sides and takes mail from now on", () => {
  const body = newMailbox(
    { ...emptyMailbox, address: " a@b.ru ", imap_host: "imap.b.ru", smtp_host: "smtp.b.ru", password: "x" },
    now,
  );
  expect(body.imap).toEqual({
    host: "imap.b.ru",
    port: 993,
    security: "tls",
    login: "a@b.ru",
    folder: "INBOX",
  });
  expect(body.smtp).toEqual({ host: "smtp.b.ru", port: 465, security: "tls", login: "a@b.ru" });
  expect(body).toMatchObject({ password: "x", group_id: null, import_since: now.toISOString() });
  expect(body.smtp_password).toBeUndefined();
  expect(body.oauth).toBeUndefined();
});

test("mail of the last week is a week back", () => {
  expect(newMailbox({ ...emptyMailbox, import_days: "7" }, now).import_since).toBe(
    "2026-11-14T10:00:00.000Z",
  );
});

test("a provider without passwords brings OAuth2, and nothing is stored twice where it keeps sent mail itself", () => {
  const values = { ...emptyMailbox, ...presetValues(microsoft) };
  expect(values).toMatchObject({ auth: "oauth2", smtp_port: "587", save_sent: false, sub_addressing: true });
  expect(newMailbox(values, now).oauth).toMatchObject({ scope: "offline_access", refresh_token: undefined });
});

test("a port that is none goes to the server as 0, which it refuses by name", () => {
  expect(newMailbox({ ...emptyMailbox, imap_port: "imap" }, now).imap.port).toBe(0);
});

test("a change sends only what it touches, and never an empty secret", () => {
  const values = mailboxValues(mailbox);
  expect(mailboxPatch(values, {})).toEqual({});
  expect(mailboxPatch({ ...values, from_name: "Ромашка" }, { from_name: "Ромашка", password: "" })).toEqual({
    from_name: "Ромашка",
  });
  const moved = { ...values, imap_host: "imap.mail.ru" };
  expect(mailboxPatch(moved, { imap_host: "imap.mail.ru" })).toEqual({
    imap: { ...mailbox.imap, host: "imap.mail.ru" },
  });
});

test("giving up an own sending login clears its password", () => {
  const values = { ...mailboxValues(mailbox), smtp_own: false, smtp_login: "old" };
  expect(mailboxPatch(values, { smtp_own: false })).toEqual({ smtp: mailbox.smtp, smtp_password: null });
});

test("the provider is guessed by the domain", () => {
  expect(guessPreset("a@ya.ru")).toBe("yandex");
  expect(guessPreset("a@bk.ru")).toBe("mailru");
  expect(guessPreset("a@GMAIL.com")).toBe("gmail");
  expect(guessPreset("a@firma.onmicrosoft.com")).toBe("microsoft365");
  expect(guessPreset("a@romashka.ru")).toBeNull();
});
