// An administrator describes when the company works, and sees when a norm is due before anything is saved.

import { administrator } from "../harness/company.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { Workspace } from "../harness/workspace.ts";

test("a schedule over the new year is tried, saved and counted with", async ({ page, company }) => {
  expect(company.line.key).toBe("SUPPORT");
  const workspace = new Workspace(page);
  await workspace.signIn(administrator);
  const answer = page.getByTestId("what-if-answer");

  await test.step("a new schedule is the usual week by the production calendar", async () => {
    await page.goto("/admin/schedules");
    await page.getByTestId("schedule-create").click();
    await page.getByTestId("schedule-name").fill("Основной");
    await page.getByTestId("what-if-start").fill("2026-12-30T13:50");
    // Four hours of that day are left after lunch, the other four come after the holidays.
    await expect(answer).toContainText("11 янв. 2027");
    await expect(answer).toContainText("13:00");
    await expect(page.getByTestId("piece").filter({ hasText: "Рождество Христово" })).toBeVisible();
  });

  await test.step("a short day of one's own moves what is due", async () => {
    await page.getByTestId("exception-add").click();
    await page.getByLabel("Дата", { exact: true }).fill("2026-12-30");
    await page.getByTestId("exceptions[0]-add").click();
    await page.getByTestId("exceptions[0]-0-from").fill("09:00");
    await page.getByTestId("exceptions[0]-0-to").fill("14:00");
    await expect(answer).toContainText("17:50");
    await page.getByTestId("what-if-amount").fill("1");
    await expect(answer).toContainText("09:50");
    await expectAccessible(page);
  });

  await test.step("a wrong hour is marked where it stands, and nothing is counted", async () => {
    await page.getByTestId("weekly[2]-0-to").fill("25:00");
    await expect(page.getByText("Время вида 09:00, не позже 24:00")).toBeVisible();
    await expect(answer).toBeHidden();
    await page.getByTestId("weekly[2]-0-to").fill("13:00");
    await expect(answer).toContainText("09:50");
  });

  await test.step("it is saved and stands in the list", async () => {
    await page.getByTestId("save-button").click();
    await expect(page.getByRole("heading", { name: "Основной", level: 1 })).toBeVisible();
    await expect(page.getByTestId("save-bar")).toBeHidden();
    await page.goto("/admin/schedules");
    const row = page.getByTestId("schedule-row").filter({ hasText: "Основной" });
    await expect(row).toContainText("Пн–Пт 09:00–13:00, 14:00–18:00");
  });
});
