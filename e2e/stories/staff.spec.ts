// A new installation: its first line in three steps that are left and resumed, and who works on it how.

import type { Page } from "@playwright/test";
import { Api } from "../harness/api.ts";
import { browser as settings } from "../harness/browser.ts";
import { administrator, operator } from "../harness/company.ts";
import { Otklik } from "../harness/server.ts";
import { Shop, Widget } from "../harness/site.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { Workspace } from "../harness/workspace.ts";

test("the first line of a new installation works after three steps, and its people are looked after", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const otklik = await Otklik.start({ OTKLIK_UNDO_SECONDS: "1" });
  const { viewport, locale, timezoneId } = settings;
  const context = await browser.newContext({ viewport, locale, timezoneId, baseURL: otklik.url });
  const page = await context.newPage();
  const problems = problemsOf(page);
  let shop: Shop | undefined;
  try {
    const api = new Api(otklik.url);
    const company = { company_name: "Ромашка", locale: "ru", time_zone: "Europe/Moscow" };
    await api.post("/setup", { ...company, ...administrator });
    const roles = await api.get<{ items: { id: string; key: string }[] }>("/roles");
    const role_id = roles.items.find((role) => role.key === "operator")?.id;
    const anna = await api.post<{ id: string }>("/users", {
      ...operator,
      role_id,
      group_ids: [],
      locale: "ru",
      time_zone: "Europe/Moscow",
    });
    const workspace = new Workspace(page);

    await test.step("the workspace leads to the wizard, which keeps what was typed", async () => {
      await workspace.signIn(administrator);
      await page.getByTestId("first-line-start").click();
      await page.getByTestId("wizard-next").click();
      await expect(page.getByText("Заполните это поле")).toBeVisible();
      await page.getByTestId("wizard-name").fill("Поддержка");
      await page.getByTestId("wizard-next").click();
      await expect(page.getByTestId("member")).toContainText(administrator.name);
      await page.goto("/admin/overview");
      await page.getByTestId("start-line").click();
      await expect(page.getByTestId("member")).toContainText(administrator.name);
      await expectAccessible(page);
    });

    const key = await test.step("people and a chat: the line works", async () => {
      await page.getByTestId("people-picker").fill(operator.name);
      await page.getByRole("option", { name: new RegExp(operator.name) }).click();
      await expect(page.getByTestId("member")).toHaveCount(2);
      await page.getByTestId("wizard-next").click();
      await expectAccessible(page);
      await page.getByTestId("wizard-next").click();
      await page.getByTestId("wizard-code").click();
      await expect(page.getByTestId("embed-code")).toBeVisible();
      const { items } = await api.get<{ items: { hook_key: string }[] }>("/channels");
      return items[0]?.hook_key ?? "";
    });

    await test.step("a visitor writes, and it is in the workspace", async () => {
      shop = await Shop.open(otklik.url, key);
      const visitor = await context.newPage();
      await visitor.goto(`${shop.url}/`);
      const chat = new Widget(visitor);
      await chat.open();
      await chat.say("Вы работаете?");
      await expect(chat.message("Вы работаете?")).toBeVisible();
      await page.goto("/c/unassigned");
      await expect(page.getByTestId("conversation-row")).toContainText("Вы работаете?");
    });

    await test.step("a skill, a limit and a level for Анна", async () => {
      await page.goto("/admin/skills");
      await page.getByTestId("skill-create").click();
      await page.getByTestId("skill-name").fill("Кассы");
      await page.getByTestId("skill-submit").click();
      await expect(page.getByTestId("skill-row")).toContainText("Ни у кого");
      await page.goto(`/admin/users/${anna.id}`);
      await page.getByTestId("user-work").click();
      await page.getByTestId("person-limit").fill("501");
      await page.getByTestId("person-limit-chat").fill("3");
      await choose(page, "skill-level-add", "Кассы");
      await page.getByTestId("skill-level-value").selectOption("5");
      await page.getByTestId("save-button").click();
      await expect(page.getByText("От 0 до 500", { exact: true })).toBeVisible();
      await page.getByTestId("person-limit").fill("8");
      await expectAccessible(page);
      await page.getByTestId("save-button").click();
      await expect(page.getByTestId("save-bar")).toBeHidden();
      const { items } = await api.get<{
        items: { user: { id: string }; limit: number; channel_limits: object }[];
      }>("/operators/statuses");
      expect(items.find(({ user }) => user.id === anna.id)).toMatchObject({
        limit: 8,
        channel_limits: { chat: 3 },
      });
      const skills = await api.get<{ items: { level: number }[] }>(`/users/${anna.id}/skills`);
      expect(skills.items).toEqual([expect.objectContaining({ level: 5 })]);
    });

    await test.step("Анна goes on vacation, Вера stands in", async () => {
      await page.goto("/admin/absences");
      await page.getByTestId("absence-create").click();
      await choose(page, "absence-who", operator.name);
      const from = await page.getByTestId("absence-from").inputValue();
      await page.getByTestId("absence-until").fill("2020-01-01");
      await page.getByRole("button", { name: "Отпуск" }).click();
      await choose(page, "absence-substitute", administrator.name);
      await page.getByTestId("absence-submit").click();
      await expect(page.getByText("Окончание должно быть позже начала")).toBeVisible();
      await page.getByTestId("absence-until").fill(from);
      await page.getByTestId("absence-submit").click();
      const row = page.getByTestId("absence-row");
      await expect(row).toContainText("Отпуск");
      await expect(row).toContainText(`замещает ${administrator.name}`);
      await expect(page.getByRole("region", { name: "Сейчас отсутствуют" })).toContainText(operator.name);
      await expectAccessible(page);
    });

    await test.step("settings of distribution are checked field by field", async () => {
      await page.goto("/admin/distribution");
      await page.getByTestId("setting-offer_seconds").fill("5");
      await page.getByTestId("setting-channel_weights_email").fill("0,5");
      await page.getByTestId("save-button").click();
      await expect(page.getByText("От 10 до 3600", { exact: true })).toBeVisible();
      await page.getByTestId("setting-offer_seconds").fill("45");
      await page.getByTestId("save-button").click();
      await expect(page.getByTestId("save-bar")).toBeHidden();
      expect(await api.get("/routing/settings")).toMatchObject({
        offer_seconds: 45,
        channel_weights: { email: 0.5 },
      });
      await expectAccessible(page);
    });

    await test.step("Вера says what she is busy with, and the monitor shows it", async () => {
      await page.goto("/admin/activities");
      await page.getByTestId("activity-name").fill("Обед");
      await page.getByTestId("activity-add").click();
      await expect(page.getByTestId("activity-row")).toHaveCount(1);
      await page.getByTestId("own-menu").click();
      await page.getByTestId("own-activity-open").click();
      await page.getByRole("radio", { name: "Обед" }).check();
      await page.getByTestId("own-activity-save").click();
      await expect(page.getByRole("dialog")).toBeHidden();
      await page.goto("/monitor");
      await expect(page.getByTestId("monitor-person").filter({ hasText: administrator.name })).toContainText(
        "Обед",
      );
      await expectAccessible(page);
    });

    await test.step("who watches unseen leaves a conversation unread and is not among its viewers", async () => {
      await page.getByTestId("silent-switch").check({ force: true });
      await page.goto("/c/unassigned");
      await page.getByTestId("conversation-row").first().click();
      await expect(page.getByTestId("silent-now")).toBeVisible();
      await expect(workspace.message("Вы работаете?")).toBeVisible();
      const list = await api.get<{ items: { unread: boolean }[] }>("/conversations?view=unassigned");
      expect(list.items[0]?.unread).toBe(true);
      // Somebody else who looks at it does not see her, until she shows herself.
      const guest = await browser.newContext({ viewport, locale, timezoneId, baseURL: otklik.url });
      const other = new Workspace(await guest.newPage());
      await other.signIn(operator, "unassigned");
      await other.page.getByTestId("conversation-row").first().click();
      await expect(page.getByTestId("viewers")).toBeVisible();
      await expect(other.page.getByTestId("viewers")).toHaveCount(0);
      await page.getByTestId("silent-now").click();
      await expect(other.page.getByTestId("viewers")).toBeVisible();
      await guest.close();
    });
  } finally {
    await shop?.close();
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
