// Алина is told of what concerns her, wherever she is in the application: a conversation is handed to her, a colleague calls
// her by name in a note. She opens it at the note, and has read it. She decides herself how she is told.

import { administrator, hire } from "../harness/company.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { problemsOf } from "../harness/watch.ts";
import { Workspace } from "../harness/workspace.ts";

const subject = "Замена фильтра в кофемашине";
/** New here: other stories have left her nothing to read. */
const alina = { name: "Алина Чехова", email: "alina@desk.test", password: "длинный-пароль-Алины" };

test("a colleague calls an operator by name; she hears of it at once, opens the note and has read it", async ({
  page,
  browser,
  company,
  otklik,
}) => {
  const { api, line, group } = company;
  const alinaId = await hire(api, alina, group);
  const workspace = new Workspace(page);
  await workspace.signIn(alina);
  const bell = page.getByTestId("notifications-unread");
  const rows = page.getByTestId("notification").filter({ hasText: subject });

  await test.step("there is nothing yet, and the feed says what will be there", async () => {
    await page.getByTestId("notifications").click();
    await expect(page.getByText("Уведомлений пока нет")).toBeVisible();
    await expect(bell).toBeHidden();
    await expectAccessible(page);
  });

  const conversation =
    await test.step("a conversation is handed to her: the bell and the feed know without a reload", async () => {
      const sources = await api.get<{ items: { id: string }[] }>("/sources");
      const { id } = await api.post<{ id: string }>("/conversations/register", {
        line_id: line.id,
        contact: { name: "Тимур Галеев", phone: "+7 912 555-01-44" },
        source_id: sources.items[0]?.id,
        subject,
        text: "Просит привезти фильтр.",
      });
      await api.put(`/conversations/${id}/assignee`, { user_id: alinaId });
      await expect(bell).toHaveText("1");
      await expect(rows).toContainText("Вера Соколова назначает вам обращение");
      await expectAccessible(page);
      await page.getByTestId("notifications-read-all").click();
      await expect(bell).toBeHidden();
      return id;
    });

  await test.step("Вера calls her by @ in a note", async () => {
    const context = await browser.newContext({ baseURL: otklik.url });
    const other = await context.newPage();
    const problems = problemsOf(other);
    const vera = new Workspace(other);
    await vera.signIn(administrator);
    await vera.open(subject);
    await other.getByTestId("tab-note").click();
    await vera.editor.pressSequentially("Какой у неё фильтр, @али");
    const list = other.getByTestId("mention-list");
    await expect(list.getByRole("option")).toHaveText(/Алина Чехова/);
    await other.keyboard.press("Enter");
    await expect(vera.editor.locator("[data-mention]")).toHaveText("@Алина Чехова");
    await vera.editor.pressSequentially("?");
    await vera.send();
    await expect(vera.message("Какой у неё фильтр").locator("[data-mention]")).toHaveText("@Алина Чехова");
    expect(problems).toEqual([]);
    await context.close();
  });

  await test.step("the bell rings on her page, and the feed shows the words", async () => {
    await expect(bell).toHaveText("1");
    await expect(rows.first()).toContainText("Вера Соколова упоминает вас в заметке");
    await expect(rows.first()).toContainText("Какой у неё фильтр, @Алина Чехова");
    await expect(rows.first()).toHaveAttribute("data-unread", "true");
  });

  await test.step("she opens it by the keyboard: at the note, and it is read", async () => {
    await rows.first().focus();
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("conversation-subject")).toContainText(subject);
    await expect(workspace.message("Какой у неё фильтр")).toBeInViewport();
    await expect(page).toHaveURL(new RegExp(`/c/open/${conversation}$`));
    await expect(bell).toBeHidden();
    await page.getByTestId("notifications").click();
    await expect(rows.first()).not.toHaveAttribute("data-unread", "true");
    await page.getByText("Непрочитанные", { exact: true }).click();
    await expect(page.getByText("Всё прочитано")).toBeVisible();
  });

  await test.step("she mutes the conversation and hears nothing of it any more", async () => {
    await page.goto(`/c/mine/${conversation}`);
    await page.getByTestId("mute-button").click();
    await expect(page.getByTestId("mute-button")).toHaveAttribute("aria-pressed", "true");
    await page.goto("/settings/notifications");
    await expect(page.getByTestId("muted")).toContainText(subject);
  });

  await test.step("she chooses a sound and quiet hours", async () => {
    const sound = page.getByTestId("kind-client_wrote").getByRole("combobox");
    await expect(sound).toHaveValue("Капля");
    await sound.click();
    await page.getByRole("option", { name: "Колокольчик" }).click();
    await page.getByText("Тихие часы").scrollIntoViewIfNeeded();
    await page.getByTestId("quiet").check({ force: true });
    await page.getByTestId("quiet-from").fill("21:30");
    await expectAccessible(page);
    await page.getByTestId("save-button").click();
    await expect(page.getByTestId("save-button")).toBeHidden();
    await page.reload();
    await expect(sound).toHaveValue("Колокольчик");
    await expect(page.getByTestId("quiet-from")).toHaveValue("21:30");
    // The rest of the story may be walked in the evening too.
    await page.getByTestId("quiet").uncheck({ force: true });
    await page.getByTestId("save-button").click();
    await expect(page.getByTestId("save-button")).toBeHidden();
  });

  await test.step("while she works in another program it pops up, once, by push too", async () => {
    const context = await browser.newContext({ baseURL: otklik.url, permissions: ["notifications"] });
    // A browser without a window always has the focus.
    await context.addInitScript(() => {
      document.hasFocus = () => false;
    });
    const tabs = [await context.newPage(), await context.newPage()];
    const [tab] = tabs;
    if (!tab) throw new Error("no tab");
    await new Workspace(tab).signIn(alina);
    // What is told before a page listens is in its feed, and pops up nowhere.
    for (const each of tabs) {
      const listens = each.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived"));
      await each.goto("/search");
      await listens;
    }
    await tab.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
    const shown = () =>
      tab.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        const all = await registration.getNotifications();
        return all.map((each) => `${each.title} | ${each.body.split("\n").at(-1)}`);
      });
    await api.post(`/conversations/${conversation}/messages`, {
      kind: "note",
      html: `<p><span data-mention="${alinaId}">@Алина Чехова</span> посмотри ещё раз</p>`,
    });
    const popped = "Вера Соколова упоминает вас в заметке | @Алина Чехова посмотри ещё раз";
    await expect.poll(shown).toEqual([popped]);

    const devtools = await context.newCDPSession(tab);
    const known = new Promise<string>((resolve) => {
      devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
        const ours = registrations.find((each) => each.scopeURL.startsWith(otklik.url) && !each.isDeleted);
        if (ours) resolve(ours.registrationId);
      });
    });
    await devtools.send("ServiceWorker.enable");
    const push = {
      id: "1",
      kind: "trial",
      title: "Уведомления приходят",
      body: "Проба",
      path: "/settings/notifications",
    };
    const registrationId = await known;
    // The devtools drop a message for a worker that is just being stopped; the same tag shows it once all the same.
    await expect(async () => {
      const data = JSON.stringify(push);
      await devtools.send("ServiceWorker.deliverPushMessage", { origin: otklik.url, registrationId, data });
      const both = [popped, "Уведомления приходят | Проба"].toSorted();
      await expect.poll(async () => (await shown()).toSorted(), { timeout: 2_000 }).toEqual(both);
    }).toPass({ timeout: 20_000 });
    await context.close();
  });

  await test.step("the worker is there; without a connection a page says so", async () => {
    await expect
      .poll(() => page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state))
      .toBe("activated");
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return requests.flat().map((request) => new URL(request.url).pathname);
    });
    expect(kept.toSorted()).toEqual(["/favicon.svg", "/offline.html"]);
    const context = await browser.newContext({ baseURL: otklik.url });
    const other = await context.newPage();
    await other.goto("/login");
    await other.evaluate(async () => {
      await navigator.serviceWorker.register("/sw.js");
      await navigator.serviceWorker.ready;
    });
    await context.setOffline(true);
    await other.goto("/c/open").catch(() => undefined);
    await expect(other.getByRole("heading")).toHaveText("Нет связи");
    await context.setOffline(false);
    await other.getByRole("link", { name: "Попробовать сейчас" }).click();
    await expect(other.getByTestId("login-name")).toBeVisible();
    await context.close();
  });
});
