// Pictures of every page on the demo company: both themes, both languages, a desk's and a phone's width.
//   OTKLIK_SCREENS=folder npm run screens      (default: screens in the repository's root)
// Fails only on what no page may do: be wider than the window, throw, or log an error.

import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Browser, type BrowserContext, expect, type Page, test } from "@playwright/test";
import { Api } from "./harness/api.ts";
import { administrator, fillDemo, publicPages, type Shot, signedInPages } from "./harness/pages.ts";
import { root } from "./harness/process.ts";
import { Otklik } from "./harness/server.ts";
import { problemsOf } from "./harness/watch.ts";

const folder = resolve(root, process.env.OTKLIK_SCREENS ?? "screens");
const sizes = [
  { name: "desk", width: 1280, height: 800 },
  { name: "phone", width: 390, height: 844 },
];

let demo: Otklik;
let fresh: Otklik;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  [demo, fresh] = await Promise.all([Otklik.prepare(), Otklik.start()]);
  await fillDemo(demo);
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
        for (const shot of publicPages) await shoot(page, set, { ...shot, path: demo.url + shot.path });
        const api = await signIn(context, locale, theme);
        for (const shot of await signedInPages(api))
          await shoot(page, set, { ...shot, path: demo.url + shot.path });

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

async function signIn(context: BrowserContext, locale: string, theme: string): Promise<Api> {
  const api = new Api(demo.url);
  await api.post("/session", administrator);
  await api.patch("/me", { locale, theme });
  const [name = "", value = ""] = api.cookie.split("=", 2);
  await context.addCookies([{ name, value, url: demo.url }]);
  return api;
}

async function shoot(page: Page, set: string, shot: Shot): Promise<void> {
  await page.goto(shot.path, { waitUntil: "networkidle" });
  await shot.prepare?.(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, set, `${shot.name}.png`) });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(sideways, `${set}/${shot.name} scrolls sideways`).toBeLessThanOrEqual(0);
}
