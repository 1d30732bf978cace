// The fixtures of a story: a mail world and a server that live as long as the worker, and a watched browser page.

import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type Company, connectMailbox, foundCompany } from "./company.ts";
import { MailServers } from "./mail.ts";
import { Otklik } from "./server.ts";
import { problemsOf } from "./watch.ts";

export { expect };

interface Fixtures {
  /** A page of which every console error, failed answer and request to another host fails the story. */
  page: Page;
}

interface WorkerFixtures {
  mail: MailServers;
  /** A server of its own for this worker, still before its first-run setup unless `company` is used too. */
  otklik: Otklik;
  /** The company on that server, its line SUPPORT connected to support@desk.test. */
  company: Company;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  mail: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures it needs from this pattern.
    async ({}, use) => {
      const mail = await MailServers.start();
      await use(mail);
      await mail.stop();
    },
    { scope: "worker" },
  ],

  otklik: [
    async ({ mail }, use) => {
      const otklik = await Otklik.start({ OTKLIK_EXTRA_CA: mail.settings.ca, OTKLIK_UNDO_SECONDS: "1" });
      await use(otklik);
      await otklik.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  company: [
    async ({ otklik, mail }, use) => {
      const company = await foundCompany(otklik);
      await connectMailbox(company, mail);
      await use(company);
    },
    { scope: "worker", timeout: 60_000 },
  ],

  baseURL: async ({ otklik }, use) => use(otklik.url),

  page: async ({ page, otklik }, use, testInfo) => {
    const logStart = otklik.log.length;
    const problems = problemsOf(page);
    await use(page);
    const log = otklik.log.slice(logStart);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach("server log", { body: log, contentType: "text/plain" });
      console.log(log.split("\n").slice(-40).join("\n"));
    }
    expect(problems, "errors in the browser").toEqual([]);
    expect(log).not.toContain("panicked at");
  },
});

/** What on the page breaks WCAG 2.2 A or AA, as far as a machine can tell. */
export async function violationsOf(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

/** Nothing on the page breaks WCAG 2.2 A or AA, once what moves or fades in on it has come to rest. */
export async function expectAccessible(page: Page): Promise<void> {
  await expect.poll(() => violationsOf(page), "accessibility").toEqual([]);
}
