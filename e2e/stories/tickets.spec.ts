// An administrator keeps services with a policy; an operator registers a ticket of one, sees its promises run, and keeps them.

import { administrator, operator } from "../harness/company.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { Workspace } from "../harness/workspace.ts";

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

  await test.step("waiting stops the resolution, and resolving keeps it", async () => {
    const resolution = page.locator('[data-testid="promise"][data-norm="resolution"]');
    await page.getByTestId("ticket-status").selectOption("waiting");
    await expect(resolution).toHaveAttribute("data-standing", "paused");
    await page.getByTestId("ticket-status").selectOption("resolved");
    await expect(resolution).toHaveAttribute("data-standing", "kept");
    await expect(page.getByTestId("ticket-history")).toContainText("Статус: Ждём клиента → Решено");
    await expect(page.getByTestId("ticket-statuses")).toContainText("Решено");
    await expectAccessible(page);
    await expect(row).toHaveCount(0);
  });

  expect(problems, "errors in the administrator's browser").toEqual([]);
  await context.close();
});
