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
const openTicket = (page: Page) => page.getByTestId("ticket-row").first().getByRole("link").click();
const chooseStatus = (status: string) => async (page: Page) => {
  await openTicket(page);
  await page.getByTestId("ticket-status").selectOption(status);
};

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
  { name: "tickets", path: "/tickets" },
  { name: "ticket", path: "/tickets", prepare: openTicket },
  { name: "ticket-waiting", path: "/tickets", prepare: chooseStatus("waiting") },
  { name: "ticket-solution", path: "/tickets", prepare: chooseStatus("resolved") },
  { name: "monitor", path: "/monitor" },
  { name: "board", path: "/board" },
  { name: "profile", path: "/settings/profile" },
  { name: "own-day", path: "/settings/day" },
  { name: "own-canned-replies", path: "/settings/canned-replies" },
  { name: "notifications", path: "/notifications" },
  { name: "notification-settings", path: "/settings/notifications" },
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
  { name: "admin-canned-replies", path: "/admin/canned-replies" },
  {
    name: "admin-canned-reply",
    path: "/admin/canned-replies",
    prepare: (page) => page.getByTestId("canned-row").first().getByRole("button").click(),
  },
  { name: "admin-distribution", path: "/admin/distribution" },
  { name: "admin-sla-policies", path: "/admin/sla-policies" },
  { name: "admin-sla-policy-new", path: "/admin/sla-policies/new" },
  { name: "admin-routes", path: "/admin/routes" },
  { name: "admin-route-new", path: "/admin/routes/new" },
  { name: "admin-ola-new", path: "/admin/olas/new" },
  { name: "tasks", path: "/tasks" },
  { name: "admin-sla-report", path: "/admin/sla-report" },
  { name: "admin-availability", path: "/admin/sla-report?by=availability&period=month" },
  { name: "admin-services", path: "/admin/services" },
  { name: "admin-outages", path: "/admin/outages" },
  { name: "admin-client-categories", path: "/admin/client-categories" },
  { name: "admin-tariff-plans", path: "/admin/tariff-plans" },
  { name: "admin-sources", path: "/admin/sources" },
  { name: "admin-blocks", path: "/admin/blocks" },
  { name: "admin-users", path: "/admin/users" },
  { name: "admin-groups", path: "/admin/groups" },
  { name: "admin-skills", path: "/admin/skills" },
  { name: "admin-absences", path: "/admin/absences" },
  { name: "admin-shifts", path: "/admin/shifts" },
  { name: "shift-plan", path: "/shifts" },
  { name: "shift-fact", path: "/shifts?view=fact" },
  { name: "admin-activities", path: "/admin/activities" },
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
    ["admin-line-staff", "/lines", (id) => `/admin/lines/${id}/staff`],
    ["admin-channel", "/channels", (id) => `/admin/channels/${id}`],
    ["admin-channel-updates", "/channels", (id) => `/admin/channels/${id}/updates`],
    ["admin-user", "/users", (id) => `/admin/users/${id}`],
    ["admin-user-work", "/users", (id) => `/admin/users/${id}/work`],
    ["admin-group", "/groups", (id) => `/admin/groups/${id}`],
    ["admin-form", "/forms", (id) => `/admin/forms/${id}`],
  ];
  const pages: Shot[] = [];
  const line = await first("/lines");
  if (line) pages.push(...(await routingPages(api, line)));
  for (const [name, list, path] of records) {
    const id = await first(list);
    if (id) pages.push({ name, path: path(id) });
  }
  return [...fixedPages, ...pages];
}

/** Routing of a line, with a rule of every kind of field. */
async function routingPages(api: Api, line: string): Promise<Shot[]> {
  const path = `/lines/${line}/routing-rules`;
  const { items } = await api.get<{ items: Named[] }>(path);
  if (items.length === 0) {
    const test = (field: string, operator: string, value: unknown) => ({ field, operator, value });
    const asked = [
      test("message_text", "contains", ["цена", "счёт"]),
      test("channel", "in", ["telegram"]),
      test("is_first_session", "eq", false),
      test("line_queue", "gt", 3),
      { any: [test("time", "between", ["22:00", "06:00"]), test("date", "in", ["2026-12-31"])] },
      { none: [test("client_category", "eq", "VIP"), test("manager", "not_empty", null)] },
    ];
    await api.post(path, {
      name: "Ночные вопросы о цене",
      condition: { all: asked },
      target: { kind: "invite_all" },
      overflow: { minutes: 5, target: { kind: "queue", group_id: null } },
      auto_reply: { text: "Здравствуйте, {{client}}! Ответим утром." },
      set: { priority: "low" },
    });
  }
  const tab = (name: string) => `/admin/lines/${line}/routing?tab=${name}`;
  return [
    {
      name: "admin-routing",
      path: tab("rules"),
      prepare: (page) => page.getByTestId("rule-open").first().click(),
    },
    {
      name: "admin-routing-try",
      path: tab("try"),
      prepare: (page) => page.getByTestId("try-where").waitFor(),
    },
    { name: "admin-routing-replay", path: tab("replay") },
  ];
}
