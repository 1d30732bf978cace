// An administrator draws a route of two stages; an operator leads a ticket by it: the first stage is late, the second one gets
// shorter, and nobody resolves the ticket before both are done. A task beside it is done too.

import { administrator, operator } from "../harness/company.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { resolves, Workspace } from "../harness/workspace.ts";

const subject = "Нужен ноутбук новому сотруднику";

test("a ticket goes by a route: a delay shortens what follows, and what is required is done first", async ({
  page: office,
  browser,
  company,
}) => {
  const ola = (name: string, resolution_seconds: number) =>
    company.api.post("/olas", { name, definition: { resolution_seconds, shrink: true } });
  await ola("Срочно", 2);
  await ola("За час", 3600);
  const context = await browser.newContext();
  const page = await context.newPage();
  const problems = problemsOf(page);
  await new Workspace(office).signIn(administrator);

  await test.step("the administrator draws the route", async () => {
    await office.goto("/admin/routes");
    await expect(office.getByTestId("route-create")).toBeVisible();
    await expectAccessible(office);
    await office.getByTestId("route-create").click();
    await office.getByTestId("route-name").fill("Новый ноутбук");
    for (const [name, time] of [
      ["Подбор", "Срочно"],
      ["Выдача", "За час"],
    ] as const) {
      if (name === "Выдача") await office.getByTestId("route-stage-add").click();
      const stage = office.getByTestId("route-stage").last();
      await stage.getByTestId("route-stage-name").fill(name);
      await stage.getByTestId("route-stage-ola").click();
      await office.getByRole("option", { name: time }).click();
      await stage.getByTestId("route-stage-who").click();
      await office.getByRole("option", { name: operator.name }).click();
    }
    await expectAccessible(office);
    await office.getByTestId("save-button").click();
    await expect(office.getByRole("heading", { name: "Новый ноутбук", level: 1 })).toBeVisible();
  });

  await new Workspace(page).signIn(operator);
  const stages = page.getByTestId("stage");

  await test.step("the operator sends a ticket by it", async () => {
    await page.goto("/tickets");
    await page.getByTestId("ticket-new").click();
    await page.getByTestId("new-ticket-subject").fill(subject);
    await page.getByTestId("new-ticket-save").click();
    await page.getByTestId("route-start").click();
    await page.getByTestId("route-choice").filter({ hasText: "Новый ноутбук" }).click();
    await expect(stages).toHaveCount(2);
    await expect(stages.first()).toHaveAttribute("data-state", "running");
    await expect(page.getByTestId("ticket-history")).toContainText("запустила маршрут «Новый ноутбук»");
  });

  await test.step("the first stage is late, and says so by itself", async () => {
    await expect(stages.first()).toHaveAttribute("data-late", "true", { timeout: 20_000 });
    await expect(page.getByTestId("ticket-history")).toContainText("Срок этапа «Подбор» прошёл");
    await expectAccessible(page);
  });

  await test.step("a ticket with a required stage is not resolved", async () => {
    await page.getByTestId("ticket-status").selectOption("resolved");
    await page.getByTestId("solution-text").fill("Ноутбук выдан.");
    await page.getByTestId("solution-save").click();
    await expect(page.getByText("Сначала завершите обязательный этап «Подбор»")).toBeVisible();
    await expect(page.getByTestId("solution-text")).toHaveValue("Ноутбук выдан.");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByTestId("ticket-status")).toHaveValue("new");
  });

  await test.step("the delay shortens the second stage", async () => {
    await stages.first().getByTestId("stage-complete").click();
    await page.getByTestId("stage-text").fill("Подобран");
    await page.getByTestId("stage-end").click();
    await expect(stages.first()).toHaveAttribute("data-state", "done");
    await expect(stages.last()).toHaveAttribute("data-state", "running");
    await expect(stages.last().getByTestId("stage-why")).toContainText("Сокращено с 1 ч до 59 мин");
    await expect(stages.last().getByTestId("due-badge")).toContainText("59 мин");
  });

  await test.step("a task beside it is counted in the menu and done", async () => {
    await page.getByTestId("task-add").click();
    await page.getByTestId("task-title").fill("Предупредить охрану");
    await page.getByTestId("task-save").click();
    await expect(page.getByTestId("tasks-here")).toContainText("Предупредить охрану");
    await expect(page.getByTestId("tasks-mine")).toHaveText("1");
    await page.getByTestId("tasks-link").click();
    const task = page.getByTestId("task-row").filter({ hasText: "Предупредить охрану" });
    await expect(task).toContainText(subject);
    await expectAccessible(page);
    await task.getByTestId("task-finish").click();
    await expect(task).toHaveCount(0);
    await expect(page.getByTestId("tasks-mine")).toHaveCount(0);
    await page.goBack();
  });

  await test.step("with both stages done the ticket is resolved", async () => {
    await stages.last().getByTestId("stage-complete").click();
    await page.getByTestId("stage-end").click();
    await expect(stages.last()).toHaveAttribute("data-state", "done");
    await resolves(page, "Ноутбук выдан.");
    await expect(page.getByTestId("ticket-history")).toContainText("Статус: Новое → Решено");
    await expect(page.getByTestId("ticket-history")).toContainText("выполнила задачу «Предупредить охрану»");
  });

  // Resolving was refused on purpose.
  const faults = problems.filter((problem) => !/\b422\b/.test(problem));
  expect(faults, "errors in the operator's browser").toEqual([]);
  await context.close();
});
