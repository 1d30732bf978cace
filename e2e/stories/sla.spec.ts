// An administrator promises times to clients; an operator sees them run, learns why they are what they are, and keeps one.

import { administrator, operator } from "../harness/company.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { Workspace } from "../harness/workspace.ts";

const subject = "Касса не печатает чеки";

test("a promise is made, seen to run, explained and kept", async ({ page, browser, company, mail }) => {
  const context = await browser.newContext();
  const office = await context.newPage();
  const problems = problemsOf(office);
  await new Workspace(office).signIn(administrator);

  await test.step("the administrator makes a schedule that is always open", async () => {
    await office.goto("/admin/schedules/new");
    await office.getByTestId("schedule-name").fill("Дежурные");
    await office.getByRole("button", { name: "Заполнить" }).click();
    await office.getByTestId("preset-always").click();
    await office.getByTestId("production-switch").uncheck({ force: true });
    await office.getByTestId("save-button").click();
    await expect(office.getByRole("heading", { name: "Дежурные", level: 1 })).toBeVisible();
  });

  await test.step("and a policy; what is wrong is said where it stands", async () => {
    await office.goto("/admin/sla-policies");
    await office.getByTestId("policy-create").click();
    await office.getByTestId("policy-name").fill("Дежурный стандарт");
    await office.getByTestId("policy-schedule").click();
    await office.getByRole("option", { name: "Дежурные" }).click();
    await office.getByTestId("norms-reaction").fill("2");
    await expect(office.getByTestId("norms-reaction-unit")).toHaveValue("ч");
    await office.getByTestId("extra-add").click();
    await office.getByTestId("extra-name").fill("VIP");
    await office.getByTestId("extra-categories").fill("VIP");
    await office.getByTestId("extra-categories").press("Enter");
    await expect(office.getByTestId("step").first()).toContainText(
      "За 50 % времени до любого срока → сообщить ответственному",
    );
    await expectAccessible(office);
    // The bar of unsaved changes lies over it, so a click would meet the bar.
    await office.getByTestId("extra[0].norms-reply-on").press("Space");
    await office.getByTestId("save-button").click();
    await expect(office.getByRole("heading", { name: "Дежурный стандарт", level: 1 })).toBeVisible();
  });

  await test.step("and sets it on the line", async () => {
    await office.goto(`/admin/lines/${company.line.id}`);
    await office.getByTestId("line-policy").click();
    await office.getByRole("option", { name: "Дежурный стандарт" }).click();
    await expect(office.getByText("Норматив линии сохранён")).toBeVisible();
    await expect(office.getByRole("link", { name: /Реакция 2 ч/ })).toBeVisible();
  });

  const workspace = new Workspace(page);
  await workspace.signIn(operator, "unassigned");
  await mail.send({
    from: '"Олег Нестеров" <oleg@clients.test>',
    to: "support@desk.test",
    subject,
    text: "Добрый день! После обновления касса не печатает чеки.",
  });

  await test.step("a client's letter comes, and its row counts down without a reload", async () => {
    await expect(workspace.row(subject).getByTestId("due-badge")).toHaveAttribute("data-tone", "calm");
    await expect(workspace.row(subject).getByTestId("due-badge")).toContainText(/1 ч 5\d мин|2 ч 00 мин/);
  });

  await test.step("lists are sorted by deadline, and nothing is overdue", async () => {
    const tool = page.getByRole("button", { name: "Порядок и отбор" });
    await tool.click();
    await page.getByTestId("sort-deadline").click();
    await expect(page).toHaveURL(/sort=deadline/);
    await expect(workspace.row(subject)).toBeVisible();
    await tool.click();
    await page.getByTestId("filter-overdue").click();
    await expect(page.getByText("Просроченных нет")).toBeVisible();
    await tool.click();
    await page.getByTestId("filter-overdue").click();
  });

  const reaction = page.locator('[data-testid="promise"][data-norm="reaction"]');

  await test.step("the operator opens it and learns why it is due when it is", async () => {
    await workspace.open(subject);
    await expect(reaction).toHaveAttribute("data-standing", "running");
    await expect(reaction).toContainText("Норматив «Дежурный стандарт»");
    await reaction.getByTestId("promise-why").click();
    const dialog = page.getByTestId("promise-dialog");
    await expect(dialog).toContainText("Общая норма: ни одна из особых не подошла.");
    await expect(dialog).toContainText("по графику «Дежурные»");
    await expect(dialog.getByTestId("promise-log")).toContainText("Время пошло: клиент написал");
    await expect(dialog.getByTestId("promise-piece").first()).toContainText("Рабочие часы");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  });

  await test.step("an answer keeps the promise", async () => {
    await workspace.editor.click();
    await page.keyboard.type("Здравствуйте, Олег! Пришлём мастера сегодня.");
    await workspace.send();
    await expect(workspace.message("Пришлём мастера сегодня")).toBeVisible();
    await expect(reaction).toHaveAttribute("data-standing", "kept");
    await expect(reaction).toContainText("Выполнен в срок");
    // The resolution waits for the client meanwhile, so nothing is due.
    const resolution = page.locator('[data-testid="promise"][data-norm="resolution"]');
    await expect(resolution).toContainText("Стоит: ждём ответа клиента");
    await expect(workspace.row(subject).getByTestId("due-badge")).toHaveCount(0);
  });

  await test.step("the report counts it, and its number opens the conversation", async () => {
    await office.getByRole("link", { name: "Как сроки соблюдаются" }).click();
    const figures = office.getByTestId("report-reaction");
    await expect(figures.getByTestId("kept-percent")).toHaveText("100 %");
    await expectAccessible(office);
    await figures.getByTestId("report-kept").click();
    await office.getByTestId("report-case").filter({ hasText: subject }).getByRole("link").click();
    await expect(office.getByTestId("conversation-subject")).toContainText(subject);
  });

  expect(problems, "errors in the administrator's browser").toEqual([]);
  await company.api.put(`/lines/${company.line.id}/sla`, { policy_id: null });
  await context.close();
});
