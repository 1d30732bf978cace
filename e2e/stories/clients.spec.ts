// Анна serves a line of 150 people: she sees those who matter, finds the others, keeps an eye on one of them.

import { administrator, operator } from "../harness/company.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { Workspace } from "../harness/workspace.ts";

interface Row {
  id: string;
  contact: { id: string };
}

test("the clients of a large line", async ({ page, company }) => {
  const { api, group } = company;
  const workspace = new Workspace(page);
  const rows = page.getByTestId("client-row");
  const search = page.getByTestId("client-search");

  const pakhomov = await test.step("150 people are connected, 23 of them have written", async () => {
    const line = await api.post<{ id: string }>("/lines", {
      key: "ONEC",
      name: "1С: Сопровождение",
      operator_group_ids: [group.id],
    });
    const other = await api.post<{ id: string }>("/lines", { key: "ONEC-OLD", name: "Старая линия" });
    const sources = await api.get<{ items: { id: string }[] }>("/sources");
    const write = (line_id: string, name: string, index: number) =>
      api.post<Row>("/conversations/register", {
        line_id,
        source_id: sources.items[0]?.id,
        contact: { name, email: `client${index}@onec.test` },
        text: `Здравствуйте, пишет ${name}: не закрывается месяц.`,
      });
    let found = "";
    for (let index = 0; index < 127; index += 1) {
      const name = index === 60 ? "Пахомов Артём" : `Давний клиент ${index}`;
      const row = await write(other.id, name, index);
      await api.put(`/lines/${line.id}/clients/${row.contact.id}/connection`, {});
      if (index === 60) found = row.contact.id;
    }
    for (let index = 127; index < 150; index += 1) await write(line.id, `Клиент ${index}`, index);
    await api.patch(`/contacts/${found}`, { company: { name: "ООО Маркет-Юг", inn: "5904112236" } });
    return { line: line.id, id: found };
  });

  await test.step("only the 23 are in the list", async () => {
    await workspace.signIn(operator);
    await page.goto(`/clients?line=${pakhomov.line}`);
    await expect(page.getByTestId("client-counts")).toHaveText("23 из 150");
    await expect(rows.first()).toContainText("Клиент 149");
    await expectAccessible(page);
    await page.getByTestId("client-period").click();
    await page.getByTestId("client-period-days").fill("7");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Актуальны 7 дней" })).toBeVisible();
    await expect(page.getByTestId("client-counts")).toHaveText("23 из 150");
  });

  await test.step("one of the others is found by the INN of his company and kept", async () => {
    await search.fill("5904112236");
    await expect(rows).toHaveCount(1);
    await rows.first().click();
    await expect(page.getByTestId("client-panel")).toContainText("ООО Маркет-Юг");
    await page.getByTestId("tool-add").click();
    await expect(page.getByTestId("tool-add")).toHaveText("Убрать из списка");
    await page.getByTestId("tool-favourite").click();
    await expect(page.getByTestId("tool-favourite")).toHaveText("Убрать из избранного");
    await search.fill("");
    await expect(page.getByTestId("client-counts")).toHaveText("24 из 150");
    await expectAccessible(page);
  });

  await test.step("the menu of a row offers what the toolbar does", async () => {
    const toolbar = await page.getByRole("toolbar").getByRole("button").allTextContents();
    await page.getByTestId("client-filter-favourite").click();
    await expect(rows).toHaveCount(1);
    await rows.first().click({ button: "right" });
    await expect(page.getByTestId("client-menu").getByRole("menuitem")).toHaveText(toolbar);
    await page.keyboard.press("Escape");
    await page.getByTestId("client-filter-favourite").click();
  });

  await test.step("a message registers a case, the ring comes and goes", async () => {
    await page.getByTestId("client-write").fill("Артём, обновление готово");
    await page.getByTestId("client-send").click();
    await expect(page.getByText("Диалог начат, сообщение отправляется")).toBeVisible();
    await expect(rows.first()).toContainText("Пахомов Артём");
    await expect(rows.first()).toContainText("Открытый диалог на мне");
    await page.getByTestId("tool-finish").click();
    await expect(rows.first()).not.toContainText("Открытый диалог на мне");
  });

  await test.step("the whole history is searched", async () => {
    await page.getByTestId("tool-history").click();
    await page.getByTestId("history-search").fill("обновления");
    await expect(page.getByTestId("history-hit")).toHaveCount(1);
    await expect(page.getByTestId("history-hit").locator("mark")).toHaveText("обновление");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
  });

  await test.step("a favourite's news is heard on another page", async () => {
    const known = page.waitForResponse("**/api/v1/me/favourites");
    const socket = page.waitForEvent("websocket");
    await page.goto("/c/open");
    await (await socket).waitForEvent("framereceived");
    await (await known).finished();
    const opened = await api.post<{ conversation_id: string }>(
      `/lines/${pakhomov.line}/clients/${pakhomov.id}/case`,
      { reason: "call" },
    );
    await api.post(`/conversations/${opened.conversation_id}/messages`, {
      kind: "note",
      html: `<p>${administrator.name} позвонила Пахомову</p>`,
    });
    await expect(page.getByText("Пахомов Артём: новая заметка")).toBeVisible();
  });
});
