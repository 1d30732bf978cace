// A client of the line «1С: Сопровождение» goes from hand to hand: a colleague, the vendor behind the line, and back.
// Дина keeps an eye on him all the while. The clients of a line of 150 people are told of in clients.spec.ts.

import type { Browser, BrowserContext, Page } from "@playwright/test";
import { browser as settings } from "../harness/browser.ts";
import { administrator, foundCompany } from "../harness/company.ts";
import { Otklik } from "../harness/server.ts";
import { connectSite, Shop, Widget } from "../harness/site.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { Workspace } from "../harness/workspace.ts";

const dina = { name: "Дина Ларина", email: "dina@desk.test", password: "длинный-пароль-Дины" };
const yuri = { name: "Юрий Зимин", email: "yuri@desk.test", password: "длинный-пароль-Юрия" };
const egor = { name: "Егор Котов", email: "egor@desk.test", password: "длинный-пароль-Егора" };
const vendor = { name: "Вика Орлова", email: "vika@vendor.test", password: "длинный-пароль-Вики" };

/** A page asks once more for a conversation that has left for a line its owner does not see, and is told it is not there. */
const gone = /404 .*\/api\/v1\/(conversations|contacts)\//;

/** The pages of a story, each of a person of his own, all watched. */
class Stage {
  readonly problems: string[] = [];
  private readonly contexts: BrowserContext[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly url: string,
  ) {}

  async page(): Promise<Page> {
    const { viewport, locale, timezoneId } = settings;
    const context = await this.browser.newContext({ viewport, locale, timezoneId, baseURL: this.url });
    this.contexts.push(context);
    const page = await context.newPage();
    const problems = problemsOf(page);
    page.on("close", () => this.problems.push(...problems.filter((problem) => !gone.test(problem))));
    return page;
  }

  async desk(person: typeof dina, view: string): Promise<Workspace> {
    const workspace = new Workspace(await this.page());
    await workspace.signIn(person, view);
    return workspace;
  }

  async close(): Promise<void> {
    for (const context of this.contexts) await context.close();
    expect(this.problems, "errors in the browsers").toEqual([]);
  }
}

async function setStatus(page: Page, status: string): Promise<void> {
  await page.getByTestId("own-menu").click();
  const saved = page.waitForResponse(
    (answer) => answer.url().endsWith("/me/status") && answer.request().method() === "PUT",
  );
  await page.getByTestId(`status-${status}`).click();
  expect((await saved).status()).toBe(200);
}

/** Hands the open conversation over through the dialog. */
async function handOver(page: Page, to: string | RegExp, comment: string): Promise<void> {
  await page.getByTestId("transfer-button").click();
  await page.getByRole("radio", { name: to }).check();
  await page.getByTestId("transfer-comment").fill(comment);
  await page.getByTestId("transfer-send").click();
  await expect(page.getByRole("dialog")).toBeHidden();
}

test("a favourite client is handed over, to the second line and back", async ({ browser }) => {
  test.setTimeout(240_000);
  const otklik = await Otklik.start({ OTKLIK_UNDO_SECONDS: "1" });
  const company = await foundCompany(otklik);
  const { api } = company;
  const stage = new Stage(browser, otklik.url);
  let shop: Shop | undefined;
  try {
    const lines = await test.step("the line, its people, and a vendor", async () => {
      const roles = await api.get<{ items: { id: string; key: string }[] }>("/roles");
      const role_id = roles.items.find((role) => role.key === "operator")?.id;
      const add = async (person: typeof dina) => {
        const body = { ...person, role_id, group_ids: [], locale: "ru", time_zone: "Europe/Moscow" };
        return (await api.post<{ id: string }>("/users", body)).id;
      };
      const group = async (name: string, people: (typeof dina)[]) => {
        const member_ids: string[] = [];
        for (const person of people) member_ids.push(await add(person));
        return (await api.post<{ id: string }>("/groups", { name, member_ids })).id;
      };
      const line = async (key: string, name: string, operators: string) =>
        api.post<typeof company.line>("/lines", { key, name, operator_group_ids: [operators] });
      return {
        first: await line("ONEC", "1С: Сопровождение", await group("Специалисты 1С", [dina, yuri, egor])),
        second: await line("VENDOR", "АйтиВендор", await group("Вендор", [vendor])),
      };
    });

    await test.step("Вера puts the vendor behind the line", async () => {
      const vera = await stage.desk(administrator, "open");
      await vera.page.goto(`/admin/lines/${lines.second.id}/staff`);
      await vera.page.getByTestId("first-line").click();
      await vera.page.getByRole("option", { name: lines.first.name }).click();
      await expectAccessible(vera.page);
      await vera.page.getByTestId("save-button").click();
      await expect(vera.page.getByTestId("save-bar")).toBeHidden();
      const saved = await api.get<{ line: { id: string } | null }>(`/lines/${lines.second.id}/first-line`);
      expect(saved.line?.id).toBe(lines.first.id);
    });

    const widget = await test.step("Пахомов writes on the site", async () => {
      const key = await connectSite(
        { ...company, line: lines.first },
        { title: "1С: Сопровождение", fields: [{ name: "name", label: "Как вас зовут", required: true }] },
      );
      shop = await Shop.open(otklik.url, key);
      const visitor = await stage.page();
      await visitor.goto(`${shop.url}/`);
      const chat = new Widget(visitor);
      await chat.open();
      await visitor.getByLabel("Как вас зовут").fill("Пахомов Артём");
      await visitor.getByLabel("Сообщение").fill("Не закрывается месяц");
      await visitor.getByRole("button", { name: "Начать чат" }).click();
      await expect(chat.message("Не закрывается месяц")).toBeVisible();
      return chat;
    });

    const desk = await test.step("Дина finds him by his INN and keeps him among her favourites", async () => {
      const { items } = await api.get<{ items: { id: string; contact: { id: string } }[] }>(
        `/conversations?view=unassigned&line=${lines.first.id}`,
      );
      const contact = items[0]?.contact.id;
      await api.patch(`/contacts/${contact}`, { company: { name: "ООО Маркет-Юг", inn: "5904112236" } });
      const workspace = await stage.desk(dina, "unassigned");
      await workspace.page.goto(`/clients?line=${lines.first.id}`);
      await workspace.page.getByTestId("client-search").fill("5904112236");
      await expect(workspace.page.getByTestId("client-row")).toHaveCount(1);
      await workspace.page.getByTestId("client-row").click();
      await workspace.page.getByTestId("tool-favourite").click();
      await expect(workspace.page.getByTestId("tool-favourite")).toHaveText("Убрать из избранного");
      await workspace.page.goto("/c/unassigned");
      await workspace.row("Пахомов Артём").click();
      await workspace.page.getByTestId("take-button").click();
      await expect(workspace.page.getByTestId("owner")).toContainText(dina.name);
      return workspace;
    });

    const [busy, colleague] = await test.step("Юрий is busy for new ones, Егор is free", async () => {
      const busy = await stage.desk(yuri, "mine");
      await setStatus(busy.page, "busy");
      return [busy, await stage.desk(egor, "mine")] as const;
    });

    await test.step("Юрий cannot be chosen, and it says why; Егор gets it", async () => {
      const { page } = desk;
      await page.getByTestId("transfer-button").click();
      await expect(page.getByRole("radio", { name: /Юрий Зимин/ })).toBeDisabled();
      await expect(page.locator("label").filter({ hasText: yuri.name })).toContainText("занят для новых");
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await handOver(page, /Егор Котов/, "Закрытие месяца по твоей части");
      await expect(page.getByTestId("owner")).toContainText(egor.name);
    });

    await test.step("Дина hears what her favourite writes to Егор", async () => {
      await expect(colleague.row("Пахомов Артём")).toBeVisible();
      await desk.page.goto("/clients");
      await expect(desk.page.getByTestId("client-row").first()).toBeVisible();
      await widget.say("Появилась ошибка проведения");
      await expect(desk.page.getByText(/^Пахомов Артём: /)).toBeVisible();
      await desk.page.goto("/c/open");
      await desk.row("Пахомов Артём").click();
      await expect(desk.message("Появилась ошибка проведения")).toBeVisible();
    });

    await test.step("Егор asks the vendor, who answers and gives it back", async () => {
      await colleague.row("Пахомов Артём").click();
      await expect(colleague.message("Закрытие месяца по твоей части")).toBeVisible();
      await handOver(colleague.page, /АйтиВендор/, "Ошибка в самой программе");
      await expect(colleague.row("Пахомов Артём")).toBeHidden();
      // He no longer sees it, and the page says so instead of showing what was.
      await expect(colleague.page.getByTestId("error-state")).toContainText("линии, которая вам не видна");
      const workspace = await stage.desk(vendor, "unassigned");
      const { page } = workspace;
      await workspace.row("Пахомов Артём").click();
      await page.getByTestId("take-button").click();
      await expect(page.getByTestId("owner")).toContainText(vendor.name);
      await page.getByTestId("transfer-button").click();
      await expect(page.locator("label").filter({ hasText: lines.first.name })).toContainText(
        "откуда пришло",
      );
      await page.keyboard.press("Escape");
      await handOver(page, /1С: Сопровождение/, "Исправлено, обновите конфигурацию");
      await expect(workspace.row("Пахомов Артём")).toBeHidden();
    });

    await test.step("it is back in the line, and the three hops are told", async () => {
      await colleague.view("unassigned");
      await colleague.row("Пахомов Артём").click();
      await colleague.page.getByTestId("take-button").click();
      await expect(colleague.page.getByTestId("owner")).toContainText(egor.name);
      const hops = colleague.page.locator('[data-testid="event"][data-kind="conversation_transferred"]');
      await expect(hops).toHaveCount(3);
      await expect(hops.nth(0)).toContainText("Дина Ларина передала: Егор Котов");
      await expect(hops.nth(1)).toContainText("Егор Котов передал на линию «АйтиВендор»");
      await expect(hops.nth(2)).toContainText("Вика Орлова передала на линию «1С: Сопровождение»");
    });

    await test.step("Егор must not be disturbed: what his client writes goes back into the queue", async () => {
      await setStatus(colleague.page, "dnd");
      await widget.say("Обновили, но ошибка осталась");
      await busy.view("unassigned");
      await expect(busy.row("Пахомов Артём")).toBeVisible();
      await busy.row("Пахомов Артём").click();
      await expect(busy.message("Обновили, но ошибка осталась")).toBeVisible();
    });

    await test.step("Дина gives it to herself on the board, where Егор cannot be chosen", async () => {
      const { page } = desk;
      await page.goto(`/board?line=${lines.first.id}`);
      const column = (name: string) => page.getByRole("region", { name });
      const card = column("Без ответственного").getByTestId("board-card");
      await expect(card).toContainText("Пахомов Артём");
      await card.getByTestId("board-move").click();
      const other = page.getByTestId("board-move-to").filter({ hasText: egor.name });
      await expect(other).toHaveAttribute("data-disabled", "true");
      await expect(other).toContainText("не беспокоить");
      await page.keyboard.press("Escape");
      await expectAccessible(page);
      await card.dragTo(column(dina.name));
      await expect(column(dina.name).getByTestId("board-card")).toContainText("Пахомов Артём");
      await expect(column(dina.name).getByTestId("board-count")).toHaveText("1");
      await expect(column("Без ответственного").getByTestId("board-count")).toHaveText("0");
      const taken = await api.get<{ items: { assignee: { name: string } | null }[] }>(
        `/conversations?view=open&line=${lines.first.id}`,
      );
      expect(taken.items[0]?.assignee?.name).toBe(dina.name);
    });
    await stage.close();
  } finally {
    await shop?.close();
    await otklik.remove();
  }
  expect(otklik.log).not.toContain("panicked at");
});
