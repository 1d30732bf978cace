// Every page can be used by everybody: nothing breaks WCAG 2.2 A or AA, no page is wider than its window, none throws or
// logs an error, in both themes, both languages, at a desk and on a phone.

import { type Browser, expect, test } from "@playwright/test";
import { Api } from "../harness/api.ts";
import { administrator, fillDemo, publicPages, type Shot, signedInPages } from "../harness/pages.ts";
import { Otklik } from "../harness/server.ts";
import { violationsOf } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";

// Each theme, language and width; with OTKLIK_ALL_PAGES=1 each of them with each of the others' values. The longer words meet the
// narrow window first.
interface Setting {
  locale: "ru" | "en";
  theme: "light" | "dark";
  width: number;
  height: number;
}

const all: Setting[] = [
  { locale: "ru", theme: "light", width: 390, height: 844 },
  { locale: "en", theme: "dark", width: 1280, height: 800 },
  { locale: "ru", theme: "dark", width: 1280, height: 800 },
  { locale: "en", theme: "light", width: 390, height: 844 },
];
const sets = process.env.OTKLIK_ALL_PAGES ? all : all.slice(0, 2);

// The same pages on another database are the same pages.
test.skip(Boolean(process.env.OTKLIK_TEST_DATABASE_URL), "looked at on SQLite");

let demo: Otklik | undefined;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  if (process.env.OTKLIK_TEST_DATABASE_URL) return;
  demo = await Otklik.prepare();
  await fillDemo(demo);
});

test.afterAll(() => demo?.remove());

for (const set of sets) {
  test(`every page, ${set.locale}, ${set.theme}, ${set.width} px`, async ({ browser }) => {
    test.setTimeout(480_000);
    if (!demo) throw new Error("there is no demo");
    const { url } = demo;
    const context = await newContext(browser, set);
    const page = await context.newPage();
    const problems = problemsOf(page);
    const found: string[] = [];
    const look = async (shot: Shot) => {
      await page.goto(url + shot.path, { waitUntil: "networkidle" });
      await shot.prepare?.(page);
      found.push(...(await violationsOf(page)).map((violation) => `${shot.name}: ${violation}`));
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (sideways > 0) found.push(`${shot.name}: ${sideways} px wider than the window`);
    };

    for (const shot of publicPages) await look(shot);
    const api = new Api(url);
    await api.post("/session", administrator);
    await api.patch("/me", { locale: set.locale, theme: set.theme });
    const [name = "", value = ""] = api.cookie.split("=", 2);
    await context.addCookies([{ name, value, url: url }]);
    for (const shot of await signedInPages(api)) await look(shot);

    await context.close();
    expect(found).toEqual([]);
    expect(problems).toEqual([]);
  });
}

function newContext(browser: Browser, { locale, theme, width, height }: Setting) {
  return browser.newContext({
    viewport: { width, height },
    locale: locale === "ru" ? "ru-RU" : "en-GB",
    timezoneId: "Europe/Moscow",
    colorScheme: theme,
    reducedMotion: "reduce",
    hasTouch: width < 600,
  });
}
