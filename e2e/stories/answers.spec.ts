// A reply that everybody has: Вера writes it once, with a variable and bold words; an operator puts it in by three letters,
// sends it, and it counts as used. What she writes herself she keeps as her own.

import { administrator, hire } from "../harness/company.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { Workspace } from "../harness/workspace.ts";

const subject = "Когда привезут кофемашину";
/** New here: other stories have left her no drafts. */
const darya = { name: "Дарья Лунина", email: "darya@desk.test", password: "длинный-пароль-Дарьи" };

test("a shared reply is written, inserted by a slash, sent and counted", async ({
  page,
  company,
  browser,
  otklik,
}) => {
  const { api, line, group } = company;
  await hire(api, darya, group);
  const sources = await api.get<{ items: { id: string }[] }>("/sources");
  await api.post("/conversations/register", {
    line_id: line.id,
    source_id: sources.items[0]?.id,
    contact: { name: "Тимур Галеев", email: "timur@granit.test" },
    subject,
    text: "Спрашивает, когда доставка.",
  });
  await new Workspace(page).signIn(administrator);

  await test.step("the administrator writes it, and sees how it will read", async () => {
    await page.goto("/admin/canned-replies");
    await expect(page.getByText("Общих шаблонов пока нет")).toBeVisible();
    await page.getByTestId("canned-create").click();
    await page.getByTestId("canned-name").fill("Доставка");
    await expect(page.getByTestId("canned-short-name")).toHaveValue("доставка");
    await page.getByTestId("canned-folder").fill("Заказы");
    const editor = page.getByRole("dialog").getByTestId("editor");
    await editor.click();
    await page.keyboard.press("Control+KeyB");
    await page.keyboard.type("Привезём завтра");
    await page.keyboard.press("Control+KeyB");
    await page.keyboard.type(", ");
    await page.getByTestId("canned-variables").click();
    await page.getByRole("menuitem", { name: "Имя клиента", exact: true }).click();
    await expect(page.getByTestId("canned-sample").locator("strong")).toHaveText("Привезём завтра");
    await expect(page.getByTestId("canned-sample")).toContainText("Привезём завтра, Ольга");
    await expectAccessible(page);
    await page.getByTestId("canned-save").click();
    await expect(page.getByTestId("canned-row")).toContainText("/доставка");
    await expect(page.getByRole("heading", { name: "Заказы" })).toBeVisible();
    await expectAccessible(page);
  });

  const context = await browser.newContext({ baseURL: otklik.url });
  const operatorPage = await context.newPage();
  const workspace = new Workspace(operatorPage);
  await test.step("an operator types a slash and three letters, and sees the text filled in", async () => {
    await workspace.signIn(darya);
    await workspace.open(subject);
    await operatorPage.getByTestId("tab-outbound").click();
    await workspace.editor.click();
    await operatorPage.keyboard.type("/дост");
    await expect(operatorPage.getByTestId("canned-list")).toContainText("Доставка");
    await operatorPage.keyboard.press("Enter");
    await expect(workspace.editor).toHaveText("Привезём завтра, Тимур");
    await expect(workspace.editor.locator("strong")).toHaveText("Привезём завтра");
    await workspace.send();
    await expect(workspace.message("Привезём завтра, Тимур")).toBeVisible();
  });

  await test.step("what she writes herself she keeps, and finds it by the keyboard", async () => {
    await workspace.editor.click();
    await operatorPage.keyboard.type("Хорошего дня");
    await operatorPage.keyboard.press("Control+Slash");
    await operatorPage.getByTestId("canned-keep").click();
    await operatorPage.getByTestId("keep-name").fill("Прощание");
    await operatorPage.getByTestId("keep-save").click();
    await expect(operatorPage.getByText("Шаблон /прощание сохранён")).toBeVisible();
    await operatorPage.getByTestId("canned-open").click();
    await operatorPage.getByTestId("canned-search").fill("прощ");
    await expect(operatorPage.getByTestId("canned-preview")).toContainText("Хорошего дня");
    await expectAccessible(operatorPage);
    await operatorPage.keyboard.press("Escape");
    await operatorPage.goto("/settings/canned-replies");
    await expect(operatorPage.getByTestId("canned-row")).toContainText("Прощание");
    await expectAccessible(operatorPage);
  });
  await context.close();

  await test.step("it was used once, by her, and the page knows without a reload", async () => {
    await expect(page.getByTestId("canned-used")).toContainText("1 раз");
    await expect(page.getByTestId("canned-used")).toContainText(darya.name);
  });
});
