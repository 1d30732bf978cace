// WhatsApp lets one write freely for a day after the client's message. Later the composer says so at once and offers the
// approved templates, until the client writes again.

import { browser as settings } from "../harness/browser.ts";
import { foundCompany, operator } from "../harness/company.ts";
import { Otklik } from "../harness/server.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { WhatsApp } from "../harness/whatsapp.ts";
import { Workspace } from "../harness/workspace.ts";

const anna = "79161234567";
const hour = 3_600_000;

test("a closed window is told at once, a template is sent, and the client's answer opens it again", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  // Meta is played by a server of this machine.
  const otklik = await Otklik.start({ OTKLIK_UNDO_SECONDS: "1", OTKLIK_ALLOW_PRIVATE_ADDRESSES: "true" });
  const whatsapp = await WhatsApp.start();
  const { viewport, locale, timezoneId } = settings;
  const context = await browser.newContext({ viewport, locale, timezoneId, baseURL: otklik.url });
  const page = await context.newPage();
  const problems = problemsOf(page);
  const workspace = new Workspace(page);
  const picker = page.getByTestId("template-picker");
  try {
    const company = await foundCompany(otklik);
    await whatsapp.connect(company);
    await workspace.signIn(operator);

    await test.step("she wrote 25 hours ago, and it is delivered only now", async () => {
      await whatsapp.write(anna, "Анна Серова", "Когда будет готов мой заказ?", Date.now() - 25 * hour);
      await workspace.row("Анна Серова").click();
      await expect(workspace.message("Когда будет готов")).toBeVisible();
    });

    await test.step("free words have no place; the templates stand there instead, and why", async () => {
      await expect(picker).toBeVisible();
      await expect(page.getByTestId("route-trouble")).toContainText("Прошло больше суток");
      await expect(workspace.editor).toHaveCount(0);
      await expect(page.getByTestId("send-button")).toHaveCount(0);
      await expect(page.getByTestId("template-send")).toBeDisabled();
      await expectAccessible(page);
    });

    await test.step("a template is filled in, shown as she will read it, and arrives", async () => {
      await page.getByTestId("template-select").selectOption({ label: "order_ready (ru)" });
      for (const [place, value] of ["1045", "Анна", "№ 1045"].entries()) {
        await expect(page.getByTestId("template-send")).toBeDisabled();
        await picker.getByLabel(`Поле ${place + 1}`).fill(value);
      }
      await expect(picker).toContainText("Здравствуйте, Анна! Ваш заказ № 1045 готов.");
      await page.getByTestId("template-send").click();
      await workspace.delivered("Ваш заказ № 1045 готов", "delivered");
      expect(whatsapp.taken.map(({ to, template }) => ({ to, template }))).toEqual([
        {
          to: anna,
          template: {
            name: "order_ready",
            language: { code: "ru" },
            components: [
              { type: "header", parameters: [{ type: "text", text: "1045" }] },
              {
                type: "body",
                parameters: [
                  { type: "text", text: "Анна" },
                  { type: "text", text: "№ 1045" },
                ],
              },
            ],
          },
        },
      ]);
      await expect(picker, "our own message opens nothing").toBeVisible();
    });

    await test.step("the API refuses free words too, by the name of what is missing", async () => {
      const { items } = await company.api.get<{ items: { id: string }[] }>("/conversations?view=all");
      const free = { kind: "outbound", text: "Вы ещё с нами?" };
      const refused = company.api.post(`/conversations/${items[0]?.id}/messages`, free);
      await expect(refused).rejects.toThrow(/422.*window_closed/);
      expect(whatsapp.taken).toHaveLength(1);
    });

    await test.step("she answers: one writes freely again, without a reload", async () => {
      await whatsapp.write(anna, "Анна Серова", "Спасибо, зайду завтра");
      await expect(workspace.message("зайду завтра")).toBeVisible();
      await expect(workspace.editor).toBeVisible();
      await expect(picker).toHaveCount(0);
      await workspace.editor.click();
      await page.keyboard.type("Ждём вас!");
      await workspace.send();
      await workspace.delivered("Ждём вас!", "delivered");
      expect(whatsapp.taken.at(-1)).toMatchObject({ to: anna, text: { body: "Ждём вас!" } });
    });

    expect(problems, "errors in the browser").toEqual([]);
    expect(otklik.log).not.toContain("panicked at");
  } finally {
    await context.close();
    await whatsapp.stop();
    await otklik.remove();
  }
});
