// Story 4: an administrator builds six rules of the line "Продажи", tries forty messages on them, sees what another order
// would change, and a real client is given to whom the rules say, with the reason.

import type { Locator, Page } from "@playwright/test";
import { Api } from "../harness/api.ts";
import { administrator, type Company } from "../harness/company.ts";
import { until } from "../harness/process.ts";
import { connectSite, Shop, Widget } from "../harness/site.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { Workspace } from "../harness/workspace.ts";

const groups = {
  Продажи: ["Лосев"],
  А: ["Ивлев", "Марс"],
  Персональные: ["Котова"],
  Претензии: ["Дина", "Егор"],
};
const password = "длинный-пароль-продаж";
const emailOf = (name: string) =>
  `${["Лосев", "Ивлев", "Марс", "Котова", "Дина", "Егор"].indexOf(name)}@sales.test`;

const money = "Цена или счёт из Telegram";
const again = "Не первое обращение";
const weekend = "Выходные";
const vip = "Особые клиенты";
const morning = "До обеда";
const claim = "Рекламация";
const nothing = "По умолчанию";

const losev = "оператор Лосев";
const ivlev = "оператор Ивлев";
const personal = "наименее загруженный оператор группы «Персональные»";
const groupA = "наименее загруженный оператор группы «А»";
const claims = "приглашение всей группе «Претензии»";
const queue = "общая очередь: кто первый";

interface Row {
  /** Moscow time: a weekday is the 23rd to the 27th of November 2026, the 28th and 29th are a weekend. */
  at: string;
  /** A known client, or anybody. */
  who: string;
  channel: string;
  subject: string;
  text: string;
  rule: string;
  where: string;
  skipped: string[];
}

function row(
  at: string,
  who: string,
  channel: string,
  subject: string,
  text: string,
  rule: string,
  where: string,
  skipped: string[] = [],
): Row {
  return { at: `2026-11-${at.replace(" ", "T")}`, who, channel, subject, text, rule, where, skipped };
}

// Иванов was served by Лосев, Сидоров by Ивлев; Серова is VIP and wrote once, nobody took it.
const table: Row[] = [
  row("23 10:10", "Петров", "telegram", "", "Какая цена на чайник?", money, losev),
  row("23 10:15", "Петров", "telegram", "", "Выставьте счёт, пожалуйста", money, losev),
  row("23 10:20", "Петров", "telegram", "", "Прислали не те счета", money, losev),
  row("23 10:25", "Петров", "telegram", "", "ЦЕНЫ растут?", money, losev),
  row("23 18:00", "Петров", "telegram", "", "Узнать цену", money, losev),
  row("23 10:30", "Петров", "email", "Вопрос", "Какая цена на чайник?", morning, groupA),
  row("23 14:30", "Петров", "email", "Вопрос", "Какая цена на чайник?", nothing, queue),
  row("23 14:35", "Петров", "vk", "", "Какая цена?", nothing, queue),
  row("23 14:40", "Петров", "telegram", "", "Главная ценность — сервис", nothing, queue),
  row("23 11:40", "Петров", "telegram", "", "Добрый день", morning, groupA),
  row("24 10:00", "Иванов", "telegram", "", "Счёт на оплату", money, losev),
  row("24 10:05", "Иванов", "telegram", "", "Спасибо, а скидка будет?", again, losev),
  row("24 10:10", "Иванов", "email", "Ещё вопрос", "А доставка?", again, losev),
  row("24 16:00", "Иванов", "chat", "", "Привет", again, losev),
  row("24 16:05", "Иванов", "email", "Рекламация", "Не те счета", again, losev),
  row("24 10:20", "Сидоров", "email", "Доставка", "Когда привезёте?", again, ivlev),
  row("24 10:25", "Сидоров", "chat", "", "Это снова я", again, ivlev),
  row("24 17:00", "Сидоров", "email", "Рекламация", "Брак", again, ivlev),
  row("24 17:05", "Сидоров", "telegram", "", "Нужна цена на партию", money, losev),
  row("25 10:00", "Серова", "email", "Вопрос", "Здравствуйте", vip, personal, [again]),
  row("25 15:00", "Серова", "chat", "", "Здравствуйте", vip, personal, [again]),
  row("25 15:05", "Серова", "email", "Рекламация", "Брак", vip, personal, [again]),
  row("25 15:10", "Серова", "telegram", "", "Нужна цена на партию", money, losev),
  row("25 15:15", "Серова", "telegram", "", "Есть кто?", vip, personal, [again]),
  row("26 00:00", "Орлов", "chat", "", "Добрый день", morning, groupA),
  row("26 12:59", "Орлов", "chat", "", "Добрый день", morning, groupA),
  row("26 13:00", "Орлов", "chat", "", "Добрый день", morning, groupA),
  row("26 13:01", "Орлов", "chat", "", "Добрый день", nothing, queue),
  row("26 23:59", "Орлов", "chat", "", "Добрый день", nothing, queue),
  row("26 13:10", "Зуев", "email", "Рекламация на чайник", "Не греет", claim, claims),
  row("26 15:00", "Зуев", "email", "По поводу рекламации", "Жду ответа", claim, claims),
  row("26 15:05", "Зуев", "chat", "", "Где моя рекламация?", nothing, queue),
  row("26 15:10", "Зуев", "email", "Предложение", "Коммерческое предложение", nothing, queue),
  row("26 11:00", "Зуев", "email", "Рекламация", "Брак", morning, groupA),
  row("28 10:00", "Юдин", "chat", "", "Добрый день", morning, groupA, [weekend]),
  row("28 15:00", "Юдин", "chat", "", "Добрый день", nothing, queue, [weekend]),
  row("28 15:20", "Юдин", "telegram", "", "Пришлите счёт", money, losev),
  row("29 12:00", "Серова", "chat", "", "Добрый день", vip, personal, [again, weekend]),
  row("29 16:00", "Юдин", "email", "РЕКЛАМАЦИЯ", "Брак", claim, claims, [weekend]),
  row("29 16:10", "Иванов", "chat", "", "Добрый день", again, losev),
];

const accountOf = (who: string) => {
  const known: Record<string, string> = { Иванов: "ivanov", Сидоров: "sidorov", Серова: "serova" };
  return known[who] ? `${known[who]}@clients.test` : `${who.toLowerCase()}@strangers.test`;
};

/** The page of rules as an administrator uses it. */
class RulesPage {
  constructor(private readonly page: Page) {}

  get rules(): Locator {
    return this.page.getByTestId("rule");
  }

  async names(): Promise<string[]> {
    return await this.page.locator('[data-testid="rule-open"] > span:first-child').allInnerTexts();
  }

  tab(name: "rules" | "try" | "replay"): Promise<void> {
    return this.page.getByTestId(`routing-tab-${name}`).click();
  }

  /** Adds a rule and leaves it open. */
  async add(name: string): Promise<Locator> {
    await this.page.getByTestId("rule-add").click();
    const rule = this.rules.last();
    await rule.getByTestId("rule-name").fill(name);
    return rule;
  }

  /** Chooses in a list that opens under its field. */
  private async choose(field: Locator, option: string): Promise<void> {
    await field.click();
    await this.page
      .getByRole("option", { name: option, exact: true })
      .and(this.page.locator(":visible"))
      .click();
  }

  async ask(rule: Locator, attribute: string, operator?: string): Promise<Locator> {
    await rule.getByTestId("condition-add").last().click();
    const test = rule.getByTestId("condition-test").last();
    await this.choose(test.getByTestId("test-field"), attribute);
    if (operator) await test.getByTestId("test-operator").selectOption(operator);
    return test.getByTestId("test-value");
  }

  async words(value: Locator, words: string[]): Promise<void> {
    for (const word of words) {
      await value.fill(word);
      await value.press("Enter");
    }
  }

  async options(value: Locator, options: string[]): Promise<void> {
    for (const option of options) await this.choose(value, option);
    await this.page.keyboard.press("Escape");
  }

  async give(rule: Locator, kind: string, whom?: { group?: string; person?: string }): Promise<void> {
    await rule.getByTestId("target-kind").selectOption(kind);
    if (whom?.group) await rule.getByTestId("target-group").selectOption({ label: whom.group });
    if (whom?.person) await this.choose(rule.getByTestId("target-operator"), whom.person);
  }

  async save(): Promise<void> {
    await this.page.getByTestId("save-button").click();
    await expect(this.page.getByTestId("save-bar")).toBeHidden();
  }

  /** Fills in the message; the answer follows by itself. */
  async tell({ at, who, channel, subject, text }: Row): Promise<void> {
    await this.page.getByTestId("try-text").fill(text);
    await this.page.getByTestId("try-channel").selectOption(channel);
    await this.page.getByTestId("try-subject").fill(subject);
    await this.page.getByTestId("try-account").fill(accountOf(who));
    await this.page.getByTestId("try-at").fill(at);
  }

  get where(): Locator {
    return this.page.getByTestId("try-where");
  }

  verdict(outcome: string): Locator {
    return this.page.locator(`[data-testid="try-verdict"][data-outcome="${outcome}"]`);
  }
}

/** Six people in four groups on the line "Продажи", all of them free; clients with a past. */
async function openSales(company: Company, url: string) {
  const { api } = company;
  const roles = await api.get<{ items: { id: string; key: string }[] }>("/roles");
  const role_id = roles.items.find((role) => role.key === "operator")?.id;
  const people: Record<string, { id: string; api: Api }> = {};
  const group_ids: string[] = [];
  for (const [group, members] of Object.entries(groups)) {
    for (const name of members) {
      const email = emailOf(name);
      const person = {
        name,
        email,
        password,
        role_id,
        group_ids: [],
        locale: "ru",
        time_zone: "Europe/Moscow",
      };
      const { id } = await api.post<{ id: string }>("/users", person);
      people[name] = { id, api: new Api(url) };
    }
    const member_ids = members.map((name) => people[name]?.id);
    group_ids.push((await api.post<{ id: string }>("/groups", { name: group, member_ids })).id);
  }
  const line = await api.post<Company["line"]>("/lines", {
    key: "SALES",
    name: "Продажи",
    operator_group_ids: group_ids,
  });
  // They are there by their status alone: no browser of theirs is open.
  const settings = await api.get<Record<string, unknown>>("/routing/settings");
  await api.put("/routing/settings", { ...settings, offline_after_minutes: 999 });
  for (const [name, person] of Object.entries(people)) {
    await person.api.post("/session", { login: emailOf(name), password });
    await person.api.put("/me/status", { status: "free" });
  }
  const sources = await api.get<{ items: { id: string }[] }>("/sources");
  const past = async (who: string, servedBy: string | null) => {
    const conversation = await api.post<{ id: string; contact: { id: string } }>("/conversations/register", {
      line_id: line.id,
      source_id: sources.items[0]?.id,
      contact: { name: who, email: accountOf(who) },
      text: "Здравствуйте, когда вы работаете?",
    });
    const user_id = servedBy === null ? null : people[servedBy]?.id;
    await api.put(`/conversations/${conversation.id}/assignee`, { user_id });
    return conversation;
  };
  for (const [who, servedBy] of [
    ["Иванов", "Лосев"],
    ["Сидоров", "Ивлев"],
  ] as const) {
    const { id } = await past(who, servedBy);
    await api.post(`/conversations/${id}/close`, {});
  }
  const serova = await past("Серова", null);
  await api.patch(`/contacts/${serova.contact.id}`, { category: "VIP" });
  return { line, people };
}

test("six rules of a line, forty messages, another order, a client who is given to the right one", async ({
  page,
  browser,
  company,
  otklik,
}) => {
  test.setTimeout(300_000);
  const { line, people } = await openSales(company, otklik.url);
  const workspace = new Workspace(page);
  const rules = new RulesPage(page);
  await workspace.signIn(administrator);

  await test.step("the administrator finds the rules on the line's page and builds six", async () => {
    await page.goto(`/admin/lines/${line.id}`);
    await page.getByTestId("line-routing").click();
    await expect(page.getByTestId("empty-state")).toContainText("Правил пока нет");

    const first = await rules.add(money);
    await rules.words(await rules.ask(first, "Текст сообщения"), ["цена", "счёт"]);
    await rules.options(await rules.ask(first, "Канал"), ["Telegram"]);
    await rules.give(first, "operator", { person: "Лосев" });

    const second = await rules.add(again);
    await (await rules.ask(second, "Первое обращение клиента")).getByText("Нет").click();
    await rules.give(second, "last_operator");

    const third = await rules.add(weekend);
    await rules.options(await rules.ask(third, "День недели"), ["суббота", "воскресенье"]);
    await rules.give(third, "bot");

    const fourth = await rules.add(vip);
    await (await rules.ask(fourth, "Категория клиента", "eq")).fill("VIP");
    await rules.give(fourth, "least_loaded", { group: "Персональные" });

    const fifth = await rules.add(morning);
    await (await rules.ask(fifth, "Время", "lte")).fill("13:00");
    await rules.give(fifth, "least_loaded", { group: "А" });

    const sixth = await rules.add(claim);
    await rules.words(await rules.ask(sixth, "Тема письма или имя чата"), ["рекламация"]);
    await rules.give(sixth, "invite_group");
    await expectAccessible(page);
  });

  await test.step("what is missing is told at its place before anything is saved", async () => {
    await page.getByTestId("save-button").click();
    const sixth = rules.rules.last();
    await expect(sixth.getByText("Выберите группу").last()).toBeVisible();
    await rules.give(sixth, "invite_group", { group: "Претензии" });
    await rules.save();
    await page.reload();
    await expect(rules.rules).toHaveCount(6);
    expect(await rules.names()).toEqual([money, again, weekend, vip, morning, claim]);
    await expect(rules.rules.first().getByTestId("rule-says")).toHaveText(
      "Если Текст сообщения: содержит «цена» или «счёт» и Канал: Telegram",
    );
    await expect(rules.rules.first().getByTestId("rule-goes")).toContainText(losev);
    await expect(rules.rules.nth(2).getByTestId("rule-says")).toHaveText(
      "Если День недели: суббота или воскресенье",
    );
    await expect(page.getByTestId("fallback").getByTestId("target-kind")).toHaveValue("queue");
  });

  await test.step("forty messages go where the table says, each with its reason", async () => {
    await rules.tab("try");
    for (const [index, each] of table.entries()) {
      const place = `message ${index + 1} of ${each.who}: ${each.text}`;
      await rules.tell(each);
      await expect(rules.where, place).toHaveText(each.where);
      const matched = rules.verdict("matched");
      await expect(matched, place).toHaveCount(1);
      await expect(matched, place).toContainText(each.rule);
      const skipped = rules.verdict("skipped");
      await expect(skipped, place).toHaveCount(each.skipped.length);
      for (const [at, name] of each.skipped.entries())
        await expect(skipped.nth(at), place).toContainText(name);
    }
    await expectAccessible(page);
  });

  const price = table[22];
  if (!price) throw new Error("the table is short");

  await test.step("a rule whose operator is not there is skipped, and says so", async () => {
    await people.Лосев?.api.put("/me/status", { status: "offline" });
    await rules.tell({ ...price, who: "Петров", at: "2026-11-25T15:10" });
    // Who is there is asked at each change of the message.
    await expect(rules.where).toHaveText(queue);
    await expect(rules.verdict("skipped")).toHaveCount(1);
    await expect(rules.verdict("skipped")).toContainText(money);
    await expect(rules.verdict("skipped")).toContainText("Лосев: не в сети");
    await people.Лосев?.api.put("/me/status", { status: "free" });
    await rules.tell(price);
    await expect(rules.where).toHaveText(losev);
  });

  await test.step("another order has another outcome, before it is saved", async () => {
    await rules.tab("rules");
    const grip = rules.rules.nth(3).getByTestId("rule-grip");
    await grip.focus();
    for (let step = 0; step < 3; step += 1) await page.keyboard.press("ArrowUp");
    expect(await rules.names()).toEqual([vip, money, again, weekend, morning, claim]);
    await rules.tab("try");
    await expect(rules.where).toHaveText(personal);
    await expect(page.getByTestId("try-by")).toContainText(vip);
    await page.getByTestId("save-bar").getByRole("button", { name: "Отменить изменения" }).click();
    await expect(rules.where).toHaveText(losev);
  });

  const shop = await test.step("a client of the site is served by the rules", async () => {
    const key = await connectSite(
      { ...company, line },
      { fields: [{ name: "name", label: "Как вас зовут" }] },
    );
    const opened = await Shop.open(otklik.url, key);
    // Whatever the day and hour: claims are taken by their words, to nobody but the group.
    await rules.tab("rules");
    const seventh = await rules.add("Рекламация с сайта");
    await rules.words(await rules.ask(seventh, "Текст сообщения"), ["рекламация"]);
    await rules.give(seventh, "operator", { person: "Егор" });
    await seventh
      .locator("label")
      .filter({ has: page.getByTestId("auto-reply") })
      .click();
    await seventh.getByTestId("auto-reply-text").fill("{{client}}, разберёмся. Номер {{number}}.");
    await seventh.getByTestId("set-priority").selectOption("high");
    await seventh.getByTestId("rule-open").click();
    await seventh.getByTestId("rule-grip").focus();
    for (let step = 0; step < 6; step += 1) await page.keyboard.press("ArrowUp");
    await rules.save();
    expect((await rules.names())[0]).toBe("Рекламация с сайта");

    const context = await browser.newContext();
    const visitor = await context.newPage();
    const problems = problemsOf(visitor);
    const widget = new Widget(visitor);
    await visitor.goto(opened.url);
    await widget.open();
    await visitor.getByLabel("Как вас зовут").fill("Ольга Серова");
    await visitor.getByLabel("Сообщение").fill("У меня рекламация: чайник не греет");
    await visitor.getByRole("button", { name: "Начать чат" }).click();
    await expect(visitor.getByText("Ольга Серова, разберёмся. Номер")).toBeVisible();
    expect(problems).toEqual([]);
    await context.close();
    return opened;
  });

  await test.step("it is with the right one, urgent, and why is told in the conversation", async () => {
    let id = "";
    await until("the conversation to be given", async () => {
      const found = await company.api.get<{
        items: { id: string; assignee: { name: string } | null; priority: string }[];
      }>(`/conversations?view=open&line=${line.id}&channel=chat`);
      const [conversation] = found.items;
      id = conversation?.id ?? "";
      return conversation?.assignee?.name === "Егор" && conversation.priority === "high";
    });
    await page.goto(`/c/open/${id}`);
    const why = page.getByTestId("why-here");
    await expect(why).toContainText("Рекламация с сайта");
    await expect(why).toContainText("Егор");
  });

  await test.step("what happened is sent through other rules, and the difference is shown", async () => {
    await page.goto(`/admin/lines/${line.id}/routing`);
    await page.getByTestId("rule-more").first().click();
    await page.getByTestId("rule-delete").click();
    await rules.tab("replay");
    await page.getByTestId("replay").click();
    await expect(page.getByTestId("replay-total")).toHaveText("Иначе пошло бы 1 обращение из 1");
    await expect(page.getByTestId("replay-row")).toContainText("оператор Егор");
    await expectAccessible(page);
    await rules.tab("rules");
    await page.getByTestId("rule-restore").click();
    await expect(page.getByTestId("save-bar")).toBeHidden();
  });
  await shop.close();
});
