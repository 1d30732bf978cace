// An operator, a colleague of another line and a client in the chat on a site write in one thread.

import { hire, operator } from "../harness/company.ts";
import { connectSite, Shop, Widget } from "../harness/site.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { Workspace } from "../harness/workspace.ts";

const colleague = { name: "Игорь Лосев", email: "igor@desk.test", password: "длинный-пароль-Игоря" };

test("an operator, a colleague of another line and a client write in one thread", async ({
  page,
  browser,
  company,
  otklik,
}) => {
  test.setTimeout(180_000);
  const key = await connectSite(company, { title: "Чайная лавка", fields: [{ name: "name", label: "Имя" }] });
  const shop = await Shop.open(otklik.url, key);
  const group = await company.api.post<{ id: string }>("/groups", { name: "Склад", member_ids: [] });
  await company.api.post("/lines", {
    key: "STORE",
    name: "Склад",
    operator_group_ids: [group.id],
    supervisor_group_ids: [],
  });
  await hire(company.api, colleague, group);

  const visitor = await (await browser.newContext()).newPage();
  const widget = new Widget(visitor);
  const store = await (await browser.newContext({ baseURL: otklik.url })).newPage();
  const problems = [problemsOf(visitor), problemsOf(store)];
  const anna = new Workspace(page);
  const igor = new Workspace(store);

  await test.step("a client asks in the chat on the site", async () => {
    await visitor.goto(`${shop.url}/tea`);
    await widget.open();
    await visitor.getByLabel("Имя").fill("Дарья Котова");
    await visitor.getByLabel("Сообщение").fill("Когда привезут чай?");
    await visitor.getByRole("button", { name: "Начать чат" }).click();
    await expect(widget.message("Когда привезут чай?")).toBeVisible();
  });

  await test.step("the operator begins a group conversation from the client's card", async () => {
    await anna.signIn(operator, "open");
    await anna.open("Когда привезут чай?");
    await page.getByTestId("group-new").click();
    await page.getByTestId("group-title").fill("Доставка чая");
    await page.getByTestId("group-staff").click();
    await page.getByRole("option", { name: colleague.name }).click();
    await expect(page.getByTestId("group-staff-chosen")).toContainText(colleague.name);
    await expectAccessible(page);
    await page.getByTestId("group-submit").click();
    await expect(page.getByTestId("conversation-subject")).toContainText("Доставка чая");
    await expect(page.getByTestId("members").getByTestId("member")).toHaveCount(3);
    await expect(page.getByTestId("everybody")).toContainText("Дарья Котова");
  });

  await test.step("what she writes reaches the client with her name and the conversation's", async () => {
    await anna.editor.click();
    await page.keyboard.type("Дарья, Игорь со склада подскажет");
    await anna.send();
    const shown = widget.message("Игорь со склада подскажет");
    await expect(shown).toContainText("Анна Белова");
    await expect(shown).toContainText("Общий разговор «Доставка чая»");
    await expect(anna.message("Игорь со склада подскажет").getByTestId("copies")).toHaveText("1 из 1");
    await anna.message("Игорь со склада подскажет").getByTestId("copies").click();
    await expect(page.getByTestId("copies-list")).toContainText("Дарья Котова");
    await page.keyboard.press("Escape");
  });

  await test.step("the colleague of another line sees this conversation alone, and answers", async () => {
    await igor.signIn(colleague, "open");
    await expect(store.getByTestId("conversation-row")).toHaveCount(1);
    await igor.view("groups");
    await igor.open("Доставка чая");
    await expect(igor.message("Игорь со склада подскажет")).toBeVisible();
    await igor.editor.click();
    await store.keyboard.type("Машина уже выехала");
    await igor.send();
    await expect(widget.message("Машина уже выехала")).toContainText("Игорь Лосев");
    await expect(anna.message("Машина уже выехала")).toContainText("Игорь Лосев");
  });

  await test.step("the client's answer is in the same thread for both", async () => {
    await widget.say("Спасибо, жду");
    for (const workspace of [anna, igor]) {
      await expect(workspace.message("Спасибо, жду")).toContainText("Дарья Котова");
    }
    await expectAccessible(store);
  });

  await test.step("whoever was removed no longer sees it, and the thread says so", async () => {
    const member = page.getByTestId("member").filter({ hasText: colleague.name });
    await member.hover();
    await member.getByTestId("member-remove").click();
    await page.getByRole("button", { name: "Убрать", exact: true }).click();
    await expect(page.getByTestId("event").filter({ hasText: "Игорь Лосев" }).last()).toContainText("убрала");
    await expect(store.getByRole("main").getByTestId("error-state")).toBeVisible();
    await expect(store.getByTestId("conversation-row")).toHaveCount(0);
  });

  // What he no longer sees his page asks for once more.
  const gone = /404 .*\/api\/v1\/(conversations|contacts)\//;
  const wrong = problems.flat().filter((problem) => !gone.test(problem));
  expect(wrong, "errors in the browsers").toEqual([]);
  await shop.close();
});
