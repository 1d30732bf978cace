// Every page there is, on the demo company: what the pictures show and what is checked for everybody's use.

import type { Page } from "@playwright/test";
import type { Api } from "./api.ts";
import type { Otklik } from "./server.ts";

export const administrator = {
  login: "vera@example.ru",
  name: "Вера Соколова",
  password: "длинный-пароль-Веры",
};

/** A page, and what to do on it before it is looked at. */
export interface Shot {
  name: string;
  path: string;
  prepare?: (page: Page) => Promise<void>;
}

const openFirst = (page: Page) => page.getByTestId("conversation-row").first().click();

/** Pages that need nobody to be signed in. */
export const publicPages: Shot[] = [
  { name: "login", path: "/login" },
  { name: "shop", path: "/demo-shop" },
  {
    name: "widget",
    path: "/demo-shop/delivery",
    prepare: async (page) => {
      await page.getByRole("button", { name: /чат|chat/i }).click();
    },
  },
];

const fixedPages: Shot[] = [
  { name: "list-open", path: "/c/open" },
  { name: "list-unassigned", path: "/c/unassigned" },
  { name: "list-mine", path: "/c/mine" },
  { name: "list-closed", path: "/c/closed" },
  { name: "list-spam", path: "/c/spam" },
  { name: "conversation", path: "/c/open", prepare: openFirst },
  { name: "palette", path: "/c/open", prepare: (page) => page.keyboard.press("Control+KeyK") },
  { name: "keys", path: "/c/open", prepare: (page) => page.keyboard.press("Shift+Slash") },
  { name: "search", path: "/search?q=счёт" },
  { name: "profile", path: "/settings/profile" },
  { name: "password", path: "/settings/password" },
  { name: "sessions", path: "/settings/sessions" },
  { name: "tokens", path: "/settings/tokens" },
  { name: "admin-overview", path: "/admin/overview" },
  { name: "admin-lines", path: "/admin/lines" },
  { name: "admin-line-new", path: "/admin/lines/new" },
  { name: "admin-channels", path: "/admin/channels" },
  { name: "admin-channel-new", path: "/admin/channels/new" },
  { name: "admin-mailboxes", path: "/admin/mailboxes" },
  { name: "admin-mailbox-new", path: "/admin/mailboxes/new" },
  { name: "admin-forms", path: "/admin/forms" },
  { name: "admin-form-new", path: "/admin/forms/new" },
  { name: "admin-sources", path: "/admin/sources" },
  { name: "admin-blocks", path: "/admin/blocks" },
  { name: "admin-users", path: "/admin/users" },
  { name: "admin-groups", path: "/admin/groups" },
  { name: "admin-quarantine", path: "/admin/quarantine" },
  { name: "admin-jobs", path: "/admin/jobs" },
  { name: "admin-company", path: "/admin/company" },
  { name: "api-docs", path: "/api/docs" },
];

/** Fills a fresh server with the demo company, an administrator and a form, and starts it. */
export async function fillDemo(demo: Otklik): Promise<void> {
  await demo.command("demo");
  const { login, name, password } = administrator;
  const account = ["--email", login, "--name", name, "--role", "administrator", "--password", password];
  await demo.command("user", "add", ...account);
  await demo.launch();
}

interface Named {
  id: string;
}

/** The pages of single records too, for somebody who may see all of them. */
export async function signedInPages(api: Api): Promise<Shot[]> {
  const first = async (path: string) => (await api.get<{ items: Named[] }>(path)).items[0]?.id;
  const records: [string, string, (id: string) => string][] = [
    ["admin-line", "/lines", (id) => `/admin/lines/${id}`],
    ["admin-channel", "/channels", (id) => `/admin/channels/${id}`],
    ["admin-channel-updates", "/channels", (id) => `/admin/channels/${id}/updates`],
    ["admin-user", "/users", (id) => `/admin/users/${id}`],
    ["admin-group", "/groups", (id) => `/admin/groups/${id}`],
    ["admin-form", "/forms", (id) => `/admin/forms/${id}`],
  ];
  const pages: Shot[] = [];
  for (const [name, list, path] of records) {
    const id = await first(list);
    if (id) pages.push({ name, path: path(id) });
  }
  return [...fixedPages, ...pages];
}
