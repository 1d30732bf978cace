// An administrator keeps services with a policy; an operator registers a ticket of one, sees its promises run, and keeps them.

import { administrator, operator } from "../harness/company.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { resolves, Workspace, waits } from "../harness/workspace.ts";

const subject = "Принтер в бухгалтерии жуёт бумагу";

test("a ticket of a service is promised by its policy, seen live and resolved", async ({
  page,
  browser,
  company,
}) => {
  await company.api.post("/sla-policies", {
    name: "Техника",
    definition: { norms: { ticket_reaction_seconds: 3600, ticket_resolution_seconds: 28_800 } },
  });
  const context = await browser.newContext();
  const office = await context.newPage();
  const problems = problemsOf(office);
  await new Workspace(office).signIn(administrator);

  await test.step("the administrator makes a catalogue with a service; without a policy it is pointed out", async () => {
    await office.goto("/admin/services");
    await office.getByTestId("catalogue-name").fill("Офисная техника");
    await office.getByTestId("catalogue-add").click();
    const catalogue = office.getByRole("region", { name: "Офисная техника" });
    await catalogue.getByTestId("service-name").fill("Принтеры");
    await catalogue.getByTestId("service-add").click();
    await expect(office.getByTestId("services-without-policy")).toContainText("У 1 услуги нет норматива");
    await expectAccessible(office);
    await catalogue.getByTestId("service-policy").first().click();
    await office.getByRole("option", { name: "Техника" }).click();
    await expect(office.getByTestId("services-without-policy")).toHaveCount(0);
  });

  const workspace = new Workspace(page);
  await workspace.signIn(operator);

  await test.step("the operator registers a ticket of this service", async () => {
    await page.goto("/tickets");
    await page.getByTestId("ticket-new").click();
    await page.getByTestId("new-ticket-subject").fill(subject);
    await page.getByTestId("new-ticket-service").selectOption({ label: "Принтеры" });
    await page.getByTestId("new-ticket-save").click();
    await expect(page.getByTestId("ticket-subject")).toHaveValue(subject);
    await expect(page.getByTestId("due-badge")).toHaveCount(0);
  });

  const row = office.getByTestId("ticket-row").filter({ hasText: subject });
  await test.step("accepted, it counts down here and in the list of a colleague, without a reload", async () => {
    await office.goto("/tickets");
    await expect(row).toBeVisible();
    await page.getByTestId("ticket-status").selectOption("accepted");
    await expect(page.getByTestId("due-badge").first()).toHaveAttribute("data-tone", "calm");
    await expect(row.getByTestId("due-badge").last()).toContainText(/5\d мин|1 ч 00 мин/);
  });

  await test.step("why it is due when it is, is told step by step", async () => {
    const reaction = page.locator('[data-testid="promise"][data-norm="reaction"]');
    await reaction.getByTestId("promise-why").click();
    const trace = page.getByTestId("promise-trace");
    await expect(trace).toContainText("Услуга «Принтеры»: своего норматива нет.");
    await expect(trace).toContainText("Каталог «Офисная техника»: норматив «Техника».");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByTestId("ticket-status").selectOption("in_progress");
    await expect(reaction).toHaveAttribute("data-standing", "kept");
  });

  const status = page.getByTestId("ticket-status");
  const history = page.getByTestId("ticket-history");
  const resolution = page.locator('[data-testid="promise"][data-norm="resolution"]');

  await test.step("who does not say why it waits leaves it as it was", async () => {
    await status.focus();
    await status.selectOption("waiting");
    await expect(page.getByTestId("waiting-reason")).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await expect(page.getByText("Напишите, чего ждёт обращение")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(status).toHaveValue("in_progress");
    await expect(status).toBeFocused();
  });

  await test.step("waiting stops the resolution, and everybody sees what it waits for", async () => {
    await waits(page, "Ждём картридж", "Завтра в 9:00");
    await expect(resolution).toHaveAttribute("data-standing", "paused");
    const waiting = page.getByTestId("ticket-waiting");
    await expect(waiting).toContainText("В ожидании до завтра, 09:00 · Ждём картридж");
    await expect(row.getByTestId("ticket-waiting")).toHaveText("До завтра, 09:00 · Ждём картридж");
    await expect(history).toContainText("Причина ожидания: Ждём картридж");
    await expectAccessible(page);
    await waiting.getByTestId("waiting-change").click();
    await expect(page.getByTestId("waiting-reason")).toHaveValue("Ждём картридж");
    await page.getByText("Ждём поставщика", { exact: true }).click();
    await page.getByTestId("waiting-until").getByText("Без срока", { exact: true }).click();
    await page.getByTestId("waiting-save").click();
    await expect(waiting).toContainText("В ожидании · Ждём поставщика");
    await expect(history).toContainText("Причина ожидания: Ждём картридж → Ждём поставщика");
  });

  await test.step("resolving keeps the promise, and the solution stays on the ticket", async () => {
    await resolves(page, "Заменили картридж.\nРолик подачи почищен.");
    await expect(resolution).toHaveAttribute("data-standing", "kept");
    await expect(history).toContainText("Статус: В ожидании → Решено");
    await expect(page.getByTestId("ticket-statuses")).toContainText("Решено");
    const solution = page.getByTestId("ticket-solution");
    await expect(solution).toContainText("Заменили картридж.");
    await expect(solution).toContainText(operator.name);
    await expect(solution).not.toContainText("прежнее");
    await expectAccessible(page);
    await expect(row).toHaveCount(0);
  });

  await test.step("opened again, it is resolved with the earlier solution corrected", async () => {
    await status.selectOption("in_progress");
    await expect(page.getByTestId("ticket-solution")).toContainText("прежнее");
    await expectAccessible(page);
    await status.selectOption("resolved");
    await expect(page.getByTestId("solution-text")).toHaveValue(/^Заменили картридж/);
    await page.getByTestId("solution-text").fill("Заменили и ролик подачи.");
    await expectAccessible(page);
    await page.keyboard.press("Control+Enter");
    await expect(page.getByTestId("ticket-solution")).toContainText("Заменили и ролик подачи.");
    await expect(page.getByTestId("ticket-solution")).not.toContainText("прежнее");
    await expect(history).toContainText("Решение: Заменили и ролик подачи.");
  });

  await test.step("one that is registered afterwards is resolved at once, with its solution", async () => {
    await page.goto("/tickets");
    await page.getByTestId("ticket-new").click();
    await page.getByTestId("new-ticket-subject").fill("Звонок: сменить пароль");
    await page.getByTestId("new-ticket-status").selectOption("resolved");
    await page.getByTestId("new-ticket-save").click();
    await expect(page.getByTestId("solution-text")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByTestId("new-ticket-subject")).toHaveValue("Звонок: сменить пароль");
    await page.getByTestId("new-ticket-save").click();
    await page.getByTestId("solution-text").fill("Пароль сменён по телефону.");
    await page.getByTestId("solution-save").click();
    await expect(page.getByTestId("ticket-solution")).toContainText("Пароль сменён по телефону.");
    await expect(status).toHaveValue("resolved");
  });

  expect(problems, "errors in the administrator's browser").toEqual([]);
  await context.close();
});
