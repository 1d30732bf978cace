// A client's category and plan: the sixth request of the day is warned of, a VIP is promised by the policy of the category,
// and an outage of a service stops the time until it is over.

import { administrator } from "../harness/company.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { Workspace } from "../harness/workspace.ts";

interface Made {
  id: string;
}

test("a plan is counted, a category promises, an outage stops the time", async ({ page, company }) => {
  const { api, line } = company;
  const office = await api.post<Made>("/service-catalogues", { name: "Связь" });
  const mail = await api.post<Made>("/services", { catalogue_id: office.id, name: "Корпоративная почта" });
  const quick = await api.post<Made>("/sla-policies", {
    name: "Быстрый",
    definition: { norms: { ticket_reaction_seconds: 1800, ticket_resolution_seconds: 14_400 } },
  });
  const sources = await api.get<{ items: Made[] }>("/sources");
  const talk = await api.post<Made & { contact: Made }>("/conversations/register", {
    line_id: line.id,
    source_id: sources.items[0]?.id,
    contact: { name: "Пётр Громов", email: "petr@granit.test" },
    subject: "Не приходит почта",
    text: "Звонил: не приходит почта.",
  });
  const card = `/contacts/${talk.contact.id}`;
  await api.patch(card, { company: { name: "ООО «Гранит»" } });

  await new Workspace(page).signIn(administrator);

  await test.step("a plan of five requests a day", async () => {
    await page.goto("/admin/tariff-plans");
    await page.getByTestId("plan-create").click();
    await page.getByTestId("plan-name").fill("Базовый");
    await page.getByTestId("plan-per-day").fill("5");
    await expectAccessible(page);
    await page.getByTestId("plan-save").click();
    await expect(page.getByTestId("plan-row")).toContainText("5 в день");
  });

  await test.step("a category with a policy and the plan, whose clients cannot choose the high priority", async () => {
    await page.goto("/admin/client-categories");
    await page.getByTestId("category-create").click();
    await page.getByTestId("category-name").fill("VIP");
    await page.getByTestId("category-policy").click();
    await page.getByRole("option", { name: "Быстрый" }).click();
    await page.getByTestId("category-plan").click();
    await page.getByRole("option", { name: "Базовый" }).click();
    await expectAccessible(page);
    await page.getByTestId("category-save").click();
    await expect(page.getByTestId("category-row")).toContainText("Быстрый");
  });

  await test.step("the client becomes one of them", async () => {
    await page.goto(`/c/open/${talk.id}`);
    await page.getByTestId("terms-edit").click();
    await page.getByTestId("client-category").fill("vip");
    await page.getByTestId("terms-save").click();
    await expect(page.getByTestId("terms")).toContainText("VIP");
    await expect(page.getByTestId("tariff-use")).toContainText("0 из 5");
  });

  for (let made = 0; made < 5; made += 1) {
    await api.post("/tickets", { line_id: line.id, contact_id: talk.contact.id, subject: `Заявка ${made}` });
  }

  await test.step("the form says that the next one is beyond the plan, and it is made all the same", async () => {
    await page.reload();
    await page.getByTestId("create-ticket").click();
    await expect(page.getByTestId("tariff-note")).toContainText("Использовано 5 из 5 за сегодня");
    await expectAccessible(page);
    await page.getByTestId("new-ticket-service").selectOption({ label: "Корпоративная почта" });
    await page.getByTestId("new-ticket-save").click();
    await page.getByTestId("ticket-link").click();
    await expect(page.getByTestId("tariff-faults")).toContainText(
      "6-я заявка за сегодня, по тарифу «Базовый» — 5 в день.",
    );
    await expect(page.getByTestId("ticket-history")).toContainText("Сверх тарифа");
    await expectAccessible(page);
  });

  const reaction = page.locator('[data-testid="promise"][data-norm="reaction"]');
  await test.step("the policy is the category's, step by step", async () => {
    await page.getByTestId("ticket-status").selectOption("accepted");
    await reaction.getByTestId("promise-why").click();
    await expect(page.getByTestId("promise-trace")).toContainText(
      "Категория клиента «VIP»: норматив «Быстрый».",
    );
    await page.keyboard.press("Escape");
  });

  await test.step("an outage stops the time here, and goes on when it is over", async () => {
    const outage = await api.post<Made>("/outages", {
      service_id: mail.id,
      pauses_sla: true,
      note: "Чиним сервер",
    });
    await expect(page.getByTestId("outage-note")).toContainText("Чиним сервер");
    await expect(reaction).toHaveAttribute("data-standing", "paused");
    await expectAccessible(page);
    await api.post(`/outages/${outage.id}/restore`);
    await expect(reaction).toHaveAttribute("data-standing", "running");
    await expect(page.getByTestId("outage-note")).toHaveCount(0);
  });

  await test.step("the list knows which are beyond, the report how available the service was", async () => {
    await page.goto("/tickets");
    await page.getByTestId("tickets-beyond").click({ force: true });
    await expect(page.getByTestId("ticket-row")).toHaveCount(1);
    await page.goto("/admin/sla-report?by=availability&period=today");
    await expect(page.getByTestId("availability-row")).toContainText("Корпоративная почта");
    await expectAccessible(page);
    await page.goto("/admin/outages");
    await expect(page.getByTestId("outage-row")).toContainText("Чиним сервер");
    await expectAccessible(page);
  });

  // Another story looks for services without a policy.
  await api.put(`/services/${mail.id}/sla`, { policy_id: quick.id });
});
