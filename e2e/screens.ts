// Pictures of every page on the demo company: both themes, both languages, a desk's and a phone's width.
//   OTKLIK_SCREENS=folder npm run screens      (default: screens in the repository's root)
// Fails only on what no page may do: be wider than the window, throw, or log an error.

import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Browser, type BrowserContext, expect, type Page, test } from "@playwright/test";
import { Api } from "./harness/api.ts";
import { root } from "./harness/process.ts";
import { Otklik } from "./harness/server.ts";
import { problemsOf } from "./harness/watch.ts";

const folder = resolve(root, process.env.OTKLIK_SCREENS ?? "screens");
const administrator = { login: "vera@example.ru", name: "Вера Соколова", password: "длинный-пароль-Веры" };

const sizes = [
  { name: "desk", width: 1280, height: 800 },
  { name: "phone", width: 390, height: 844 },
];

/** A page, and what to do on it before the picture. */
interface Shot {
  name: string;
  path: string;
  prepare?: (page: Page) => Promise<void>;
}

const pages: Shot[] = [
  { name: "list-open", path: "/c/open" },
  { name: "list-unassigned", path: "/c/unassigned" },
  { name: "list-mine", path: "/c/mine" },
  { name: "list-closed", path: "/c/closed" },
  { name: "conversation", path: "/c/open", prepare: openFirst },
  { name: "palette", path: "/c/open", prepare: (page) => page.keyboard.press("Control+KeyK") },
  { name: "keys", path: "/c/open", prepare: (page) => page.keyboard.press("Shift+Slash") },
  { name: "search", path: "/search?q=счёт" },
  { name: "profile", path: "/settings/profile" },
  { name: "sessions", path: "/settings/sessions" },
  { name: "tokens", path: "/settings/tokens" },
  { name: "admin-lines", path: "/admin/lines" },
  { name: "admin-mailboxes", path: "/admin/mailboxes" },
  { name: "admin-users", path: "/admin/users" },
  { name: "admin-groups", path: "/admin/groups" },
  { name: "admin-jobs", path: "/admin/jobs" },
  { name: "admin-quarantine", path: "/admin/quarantine" },
  { name: "api-docs", path: "/api/docs" },
];

async function openFirst(page: Page): Promise<void> {
  await page.getByTestId("conversation-row").first().click();
}

let demo: Otklik;
let fresh: Otklik;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  [demo, fresh] = await Promise.all([Otklik.prepare(), Otklik.start()]);
  await demo.command("demo");
  const { login, name, password } = administrator;
  const account = ["--email", login, "--name", name, "--role", "administrator", "--password", password];
  await demo.command("user", "add", ...account);
  await demo.launch();
});

test.afterAll(async () => {
  await Promise.all([demo.remove(), fresh.remove()]);
});

for (const locale of ["ru", "en"] as const) {
  for (const theme of ["light", "dark"] as const) {
    for (const size of sizes) {
      const set = `${locale}-${theme}-${size.name}`;
      test(set, async ({ browser }) => {
        const context = await newContext(browser, locale, theme, size);
        await mkdir(join(folder, set), { recursive: true });
        const page = await context.newPage();
        const problems = problemsOf(page);

        await shoot(page, set, { name: "setup", path: `${fresh.url}/setup` });
        await shoot(page, set, { name: "login", path: `${demo.url}/login` });
        await signIn(context, locale, theme);
        for (const shot of pages) await shoot(page, set, { ...shot, path: demo.url + shot.path });

        await context.close();
        expect(problems).toEqual([]);
      });
    }
  }
}

function newContext(
  browser: Browser,
  locale: "ru" | "en",
  theme: "light" | "dark",
  size: (typeof sizes)[number],
) {
  return browser.newContext({
    viewport: { width: size.width, height: size.height },
    locale: locale === "ru" ? "ru-RU" : "en-GB",
    timezoneId: "Europe/Moscow",
    colorScheme: theme,
    reducedMotion: "reduce",
    hasTouch: size.name === "phone",
  });
}

async function signIn(context: BrowserContext, locale: string, theme: string): Promise<void> {
  const api = new Api(demo.url);
  await api.post("/session", administrator);
  await api.patch("/me", { locale, theme });
  const [name = "", value = ""] = api.cookie.split("=", 2);
  await context.addCookies([{ name, value, url: demo.url }]);
}

async function shoot(page: Page, set: string, shot: Shot): Promise<void> {
  await page.goto(shot.path, { waitUntil: "networkidle" });
  await shot.prepare?.(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, set, `${shot.name}.png`) });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(sideways, `${set}/${shot.name} scrolls sideways`).toBeLessThanOrEqual(0);
}
