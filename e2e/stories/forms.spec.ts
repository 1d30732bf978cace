// An administrator builds a form, a visitor sends it with a file, an operator sees the conversation.

import { administrator, operator } from "../harness/company.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { Workspace } from "../harness/workspace.ts";

test("a form is built, filled in with a file and becomes a conversation", async ({ page, company }) => {
  expect(company.line.key).toBe("SUPPORT");
  const workspace = new Workspace(page);
  await workspace.signIn(administrator);

  const address = await test.step("the administrator builds it", async () => {
    await page.goto("/admin/forms");
    await page.getByTestId("form-create").click();
    await page.getByTestId("start-support").click();
    await page.getByLabel("Линия").selectOption(company.line.id);
    await page.getByTestId("form-submit").click();
    await expect(page.getByTestId("field")).toHaveCount(6);
    await page.getByTestId("field-add").click();
    await page.getByTestId("add-type-choice").click();
    await page.getByTestId("field-label").fill("Тариф");
    await page.getByTestId("field-options").fill("Простой\nПолный");
    const preview = page.getByTestId("form-preview").contentFrame();
    await expect(preview.getByLabel("Тариф")).toBeVisible();
    await page.getByTestId("field-up").last().click();
    await expect(page.getByTestId("field").nth(5)).toContainText("Тариф");
    await expectAccessible(page);
    await page.getByTestId("save-button").click();
    await expect(page.getByTestId("save-bar")).toBeHidden();
    await page.getByTestId("form-tab-share").click();
    return await page.getByTestId("form-url").innerText();
  });

  await test.step("a visitor is told what is missing and sends it with a file", async () => {
    await page.goto(address);
    const send = page.getByRole("button", { name: "Отправить" });
    await send.click();
    await expect(page.getByText("Нужно ваше согласие")).toBeVisible();
    await expect(page.getByLabel("Как к вам обращаться")).toBeFocused();
    await page.getByLabel("Как к вам обращаться").fill("Инна Лосева");
    await page.getByLabel("Почта для ответа").fill("inna@clients.test");
    await page.getByLabel("Тема").fill("Не открывается отчёт");
    await page.getByLabel("Раздел").selectOption("Ошибка в работе");
    await page.getByLabel("Что случилось").fill("Вместо отчёта пустая страница.");
    await page.getByLabel("Тариф").selectOption("Полный");
    const file = { name: "снимок.txt", mimeType: "text/plain", buffer: Buffer.from("пусто") };
    await page.getByLabel("Файлы").setInputFiles(file);
    await page.getByLabel("Согласен на обработку").check();
    await expectAccessible(page);
    await send.click();
    await expect(page.getByText("Заявка принята, её номер:")).toBeVisible();
  });

  await test.step("the operator sees it with the answers and the file", async () => {
    await page.context().clearCookies();
    await workspace.signIn(operator, "unassigned");
    await workspace.open("Не открывается отчёт");
    await expect(workspace.message("Вместо отчёта пустая страница.")).toContainText("Полный");
    await expect(workspace.message("Вместо отчёта пустая страница.")).toContainText("снимок.txt");
  });
});
