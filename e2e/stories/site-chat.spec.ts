// A visitor of a site and an operator talk, each in a browser of their own, until the visitor rates the conversation.

import type { Page } from "@playwright/test";
import { operator } from "../harness/company.ts";
import { until } from "../harness/process.ts";
import { connectSite, Shop, Widget } from "../harness/site.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { Workspace } from "../harness/workspace.ts";

interface Conversation {
  id: string;
  channel: string;
  unread: boolean;
}

/** A red square, 2 by 2. */
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEUlEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==",
  "base64",
);

/** Answers as the browser of the operator would: with what was said in passing, which the server does not keep. */
async function startTyping(page: Page, conversationId: string): Promise<void> {
  await page.evaluate(
    (conversation_id) =>
      new Promise<void>((resolve, reject) => {
        const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/live`);
        socket.onopen = () => {
          socket.send(JSON.stringify({ type: "presence", conversation_id, typing: true }));
          resolve();
        };
        socket.onerror = () => reject(new Error("no live connection"));
      }),
    conversationId,
  );
}

test("a visitor and an operator talk, with files, through a lost connection, to a rating", async ({
  page,
  browser,
  company,
  otklik,
}) => {
  test.setTimeout(180_000);
  const key = await connectSite(company, {
    title: "Чайная лавка",
    greeting: "Здравствуйте! Чем помочь?",
    color: "#2F6F4F",
    fields: [{ name: "name", label: "Как вас зовут", required: true }],
    consent: { text: "Согласна на обработку данных", url: "https://shop.example/privacy" },
  });
  const shop = await Shop.open(otklik.url, key);
  const context = await browser.newContext();
  const visitor = await context.newPage();
  const problems = problemsOf(visitor);
  const widget = new Widget(visitor);
  const workspace = new Workspace(page);
  await workspace.signIn(operator, "unassigned");

  await test.step("the widget comes small, cached for minutes and for any site", async () => {
    const answer = await fetch(`${otklik.url}/widget.js`, { headers: { "accept-encoding": "identity" } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
    const again = await fetch(`${otklik.url}/widget.js`, {
      headers: { "accept-encoding": "identity", "if-none-match": answer.headers.get("etag") ?? "" },
    });
    expect(again.status).toBe(304);
  });

  await test.step("without the consent there is no conversation", async () => {
    await visitor.goto(`${shop.url}/shop/tea?utm_source=ya&utm_campaign=zima`);
    await widget.open();
    await visitor.getByLabel("Как вас зовут").fill("Дарина Шевцова");
    await visitor.getByLabel("Сообщение").fill("Есть ли иван-чай без добавок?");
    await visitor.getByRole("button", { name: "Начать чат" }).click();
    await expect(visitor.getByText("Без согласия мы не можем начать разговор")).toBeVisible();
    await expectAccessible(visitor);
    await visitor.getByLabel("Согласна на обработку данных").check();
    await visitor.getByRole("button", { name: "Начать чат" }).click();
    await expect(widget.message("иван-чай без добавок")).toBeVisible();
    await expect(widget.pending).toHaveCount(0);
    await widget.state("иван-чай без добавок", "sent");
  });

  await test.step("the operator sees who writes, and the visitor sees that it was read", async () => {
    await expect(workspace.row("Дарина Шевцова")).toBeVisible();
    await workspace.row("Дарина Шевцова").click();
    await expect(workspace.message("иван-чай без добавок")).toBeVisible();
    await widget.state("иван-чай без добавок", "read");
  });
  const { items } = await company.api.get<{ items: Conversation[] }>("/conversations?view=all");
  const conversation = items.find(({ channel }) => channel === "chat");
  expect(conversation).toBeDefined();
  const id = conversation?.id ?? "";
  const told = await company.api.get<{ visit: { page_url: string; utm: Record<string, string> } }>(
    `/conversations/${id}`,
  );
  expect(told.visit.page_url).toContain("/shop/tea");
  expect(told.visit.utm).toEqual({ source: "ya", campaign: "zima" });

  await test.step("the operator's typing and formatted answer with a file arrive", async () => {
    await startTyping(page, id);
    await expect(visitor.getByText("Анна Белова печатает")).toBeVisible();
    await workspace.editor.click();
    await page.keyboard.type("Да, и он ");
    await page.keyboard.press("Control+b");
    await page.keyboard.type("сегодня со скидкой");
    await page.keyboard.press("Control+b");
    await workspace.attach("Прайс.txt", "Иван-чай: 420 рублей");
    await workspace.send();
    await expect(widget.message("сегодня со скидкой")).toBeVisible();
    await expect(widget.message("сегодня со скидкой").locator("strong")).toHaveText("сегодня со скидкой");
    await expect(widget.message("сегодня со скидкой")).toContainText("Анна Белова");
    const file = widget.message("сегодня со скидкой").getByRole("link", { name: "Прайс.txt" });
    const address = await file.getAttribute("href");
    expect(await (await fetch(address ?? "")).text()).toBe("Иван-чай: 420 рублей");
  });

  await test.step("the operator learns that the answer was seen", async () => {
    await until("the answer to be read", async () => {
      const { items } = await company.api.get<{
        items: { delivery?: { state: string } | null }[];
      }>(`/conversations/${id}/messages`);
      return items.some(({ delivery }) => delivery?.state === "read");
    });
  });

  await test.step("the visitor's picture and text go the other way", async () => {
    await widget.attach("Пачка.png", "image/png", picture);
    await widget.say("Вот такая пачка?");
    await expect(workspace.message("Вот такая пачка?")).toBeVisible();
    await expect(workspace.message("Вот такая пачка?").getByTestId("attachments")).toBeVisible();
    const shown = widget.messages.filter({ hasText: "Вот такая пачка?" }).getByRole("img", { name: /Пачка/ });
    await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(2);
  });

  await test.step("a correction reaches the operator", async () => {
    await widget.say("Две пачьки");
    await expect(widget.pending).toHaveCount(0);
    await expect(workspace.message("Две пачьки")).toBeVisible();
    await widget.input.press("ArrowUp");
    await expect(widget.input).toHaveValue("Две пачьки");
    await widget.say("Две пачки");
    await expect(workspace.message("Две пачки")).toBeVisible();
    await expect(workspace.message("Две пачьки")).toHaveCount(0);
  });

  await test.step("a reload and another tab show the same conversation", async () => {
    const other = await context.newPage();
    const tab = new Widget(other);
    await other.goto(`${shop.url}/delivery`);
    await tab.open();
    for (const shown of [widget, tab]) {
      if (shown === widget) await visitor.reload();
      await expect(shown.message("иван-чай без добавок")).toBeVisible();
      await expect(shown.message("сегодня со скидкой")).toBeVisible();
      await expect(shown.message("Две пачки")).toBeVisible();
    }
    await tab.say("Пишу из другой вкладки");
    await expect(widget.message("Пишу из другой вкладки")).toHaveCount(1);
    await expect(workspace.message("Пишу из другой вкладки")).toHaveCount(1);
    await other.close();
  });

  expect(problems, "errors in the visitor's browser").toEqual([]);

  await test.step("nothing is lost or doubled when the connection is", async () => {
    await context.setOffline(true);
    await widget.say("Раз без связи");
    await widget.say("Два без связи");
    await expect(widget.pending).toHaveCount(2);
    await expect(widget.offline).toBeVisible();
    await workspace.editor.click();
    await page.keyboard.type("Вы ещё здесь?");
    await workspace.send();
    await expect(workspace.message("Вы ещё здесь?")).toBeVisible();
    await context.setOffline(false);
    await expect(widget.pending).toHaveCount(0, { timeout: 40_000 });
    for (const text of ["Раз без связи", "Два без связи", "Вы ещё здесь?"]) {
      await expect(widget.message(text)).toHaveCount(1);
      await expect(workspace.message(text)).toHaveCount(1);
    }
    const said = await workspace.messages.allInnerTexts();
    const place = (text: string) => said.findIndex((message) => message.includes(text));
    expect(place("Раз без связи")).toBeLessThan(place("Два без связи"));
  });

  await test.step("the visitor rates, and the operator sees the comment", async () => {
    await company.api.post(`/conversations/${id}/close`);
    await expect(widget.rating).toBeVisible();
    await visitor.getByRole("radio", { name: "4 из 5" }).check({ force: true });
    await visitor.getByRole("textbox", { name: /Что понравилось/ }).fill("Быстро, но хотелось фото");
    await visitor.getByRole("button", { name: "Оценить" }).click();
    await expect(visitor.getByText("Спасибо за оценку")).toBeVisible();
    const rated = await company.api.get<{ rating: { stars: number; comment: string } }>(
      `/conversations/${id}`,
    );
    expect(rated.rating).toMatchObject({ stars: 4, comment: "Быстро, но хотелось фото" });
  });

  await context.close();
  await shop.close();
});
