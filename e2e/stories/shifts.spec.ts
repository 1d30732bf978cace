// Shifts: a supervisor's day with schedules, and an operator who is given work only on shift.

import type { Page } from "@playwright/test";
import { Api } from "../harness/api.ts";
import { browser as settings } from "../harness/browser.ts";
import { administrator, operator } from "../harness/company.ts";
import { Otklik } from "../harness/server.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { Workspace } from "../harness/workspace.ts";

test("a shift, a schedule of two by two, a swap of a day, and one's own month", async ({ browser }) => {
  test.setTimeout(180_000);
  const otklik = await Otklik.start({});
  const { viewport, locale, timezoneId } = settings;
  const context = await browser.newContext({ viewport, locale, timezoneId, baseURL: otklik.url });
  const page = await context.newPage();
  const problems = problemsOf(page);
  try {
    const api = new Api(otklik.url);
    const company = { company_name: "Ромашка", locale: "ru", time_zone: "Europe/Moscow" };
    await api.post("/setup", { ...company, ...administrator });
    const roles = await api.get<{ items: { id: string; key: string }[] }>("/roles");
    const role_id = roles.items.find((role) => role.key === "operator")?.id;
    const person = { ...operator, role_id, group_ids: [], locale: "ru", time_zone: "Europe/Moscow" };
    const anna = await api.post<{ id: string }>("/users", person);
    await api.post("/lines", { key: "SUPPORT", name: "Поддержка" });
    const workspace = new Workspace(page);
    await workspace.signIn(administrator);

    await test.step("a kind of shift with a break", async () => {
      await page.goto("/admin/shifts");
      await page.getByTestId("shift-create").click();
      await page.getByTestId("shift-name").fill("Дневная");
      await page.getByTestId("break-add").click();
      await page.getByTestId("break-from").fill("08:00");
      await page.getByTestId("shift-submit").click();
      await expect(page.getByText("Перерыв не помещается в смену")).toBeVisible();
      await page.getByTestId("break-from").fill("13:00");
      await expect(page.getByTestId("shift-length")).toHaveText("8 ч, перерыв 1 ч");
      await expectAccessible(page);
      await page.getByTestId("shift-submit").click();
      await expect(page.getByTestId("shift-row")).toContainText("09:00–18:00");
    });

    await test.step("a schedule of it, which shows its months before it is saved", async () => {
      await page.getByTestId("work-schedule-create").click();
      await page.getByTestId("work-schedule-name").fill("Два через два");
      await page.getByTestId("work-schedule-kind").getByText("По циклу").click();
      await page.getByTestId("cycle-chip").filter({ hasText: "3 через 1" }).click();
      await expect(page.getByTestId("pattern-day")).toHaveCount(4);
      await page.getByTestId("cycle-chip").filter({ hasText: "2 через 2" }).click();
      await expect(page.getByTestId("preview-year")).toContainText("Норма");
      await expectAccessible(page);
      await page.getByTestId("save-button").click();
      await expect(page.getByTestId("work-schedule-assign")).toBeVisible();
    });

    await test.step("Анна works by it", async () => {
      await page.getByTestId("work-schedule-assign").click();
      await page.getByTestId("assign-submit").click();
      await expect(page.getByText("Выберите сотрудников или группы")).toBeVisible();
      await choose(page, "assign-people", operator.name);
      await page.getByTestId("assign-submit").click();
      await expect(page.getByTestId("assignment-row")).toContainText(operator.name);
    });

    await test.step("the calendar has her shifts; a day of it is changed", async () => {
      await page.goto("/shifts");
      const row = page.getByTestId("plan-row").filter({ hasText: operator.name });
      await expect(row).toContainText("Два через два");
      await page.getByTestId("plan-next").click();
      const first = row.getByTestId("plan-day").first();
      await expect(row.locator("[data-working]").first()).toBeVisible();
      await expectAccessible(page);
      await first.focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      await expect(page.getByTestId("day-lines")).toBeVisible();
      await choose(page, "change-what", "Выходной");
      await page.getByTestId("change-note").fill("Отгул");
      await page.getByTestId("change-submit").click();
      const second = row.getByTestId("plan-day").nth(1);
      await expect(second).toHaveAttribute("data-changed", "true");
      await expect(second).toHaveAttribute("aria-label", /Отгул/);
      await page.getByTestId("plan-view").getByText("Факт").click();
      await expect(page).toHaveURL(/view=fact/);
    });

    await test.step("only on shift is a switch of distribution", async () => {
      await page.goto("/admin/distribution");
      await page.getByTestId("setting-only-on-shift").check({ force: true });
      await page.getByTestId("save-button").click();
      await expect(page.getByTestId("save-bar")).toBeHidden();
      expect(await api.get("/routing/settings")).toMatchObject({ only_on_shift: true });
    });

    await test.step("Анна sees her own month, on a phone too", async () => {
      const guest = await browser.newContext({
        viewport: { width: 390, height: 844 },
        locale,
        timezoneId,
        baseURL: otklik.url,
      });
      const own = new Workspace(await guest.newPage());
      await own.page.goto("/login");
      await own.page.getByTestId("login-name").fill(operator.email);
      await own.page.getByTestId("login-password").fill(operator.password);
      await own.page.getByTestId("login-submit").click();
      await expect(own.page.getByTestId("own-menu")).toBeVisible();
      await own.page.goto("/settings/day");
      await expect(own.page.getByTestId("own-shifts")).toContainText("Дневная, 09:00–18:00");
      await expectAccessible(own.page);
      await own.page.goto("/shifts");
      await expect(own.page.getByTestId("month-figures")).toContainText("Два через два");
      await guest.close();
      const mine = await api.get<{ total: number }>(
        `/shift-plan?from=2026-11-01&to=2026-11-30&user=${anna.id}`,
      );
      expect(mine.total).toBe(1);
    });
  } finally {
    await context.close();
    await otklik.remove();
  }
  expect(
    problems.filter((problem) => !/\b422\b/.test(problem)),
    "errors in the browser",
  ).toEqual([]);
  expect(otklik.log).not.toContain("panicked at");
});

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByTestId(field).click();
  await page.getByRole("option", { name: option }).click();
}
