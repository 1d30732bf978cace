// A short day, ten days off and a Monday: tickets are due exactly when the policy and the schedule say, waiting moves what is
// due, work of who is away goes to his substitute, and when too little was in time the manager hears of it at 18:00.

import type { BrowserContext, Locator, Page } from "@playwright/test";
import { type Company, foundCompany, hire, operator } from "../harness/company.ts";
import { until } from "../harness/process.ts";
import { Otklik } from "../harness/server.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { ServerTime } from "../harness/time.ts";
import { problemsOf } from "../harness/watch.ts";
import { resolves, Workspace, waits } from "../harness/workspace.ts";

const manager = {
  name: "Ирина Морозова",
  email: "morozova@desk.test",
  password: "длинный-пароль-Морозовой",
};
const substitute = { name: "Денис Орлов", email: "orlov@desk.test", password: "длинный-пароль-Орлова" };

const moscow = (date: string, clock: string) => `${date}T${clock}:00+03:00`;

interface Desk {
  company: Company;
  anna: string;
  service: string;
  vip: string;
}

/** The company of the story: its schedule, its policy with the wanted share, one service and a client who is VIP. */
async function found(otklik: Otklik): Promise<Desk> {
  const company = await foundCompany(otklik);
  const { api, line, group } = company;
  const people = await api.get<{ items: { id: string; email: string }[] }>("/users");
  const anna = people.items.find(({ email }) => email === operator.email)?.id ?? "";
  const morozova = await hire(api, manager, group);
  const orlov = await hire(api, substitute, group);

  const workday = [
    { from: "09:00", to: "13:00" },
    { from: "14:00", to: "18:00" },
  ];
  const off = [
    "2026-12-31",
    ...Array.from({ length: 10 }, (_, day) => `2027-01-${String(day + 1).padStart(2, "0")}`),
  ];
  const schedule = await api.post<{ id: string }>("/schedules", {
    name: "Офис",
    definition: {
      time_zone: "Europe/Moscow",
      weekly: ["mon", "tue", "wed", "thu", "fri"].map((day) => ({ day, intervals: workday })),
      exceptions: [
        { date: "2026-12-30", intervals: [{ from: "09:00", to: "14:00" }] },
        ...off.map((date) => ({ date, intervals: [] })),
      ],
    },
  });
  const norms = (reaction: number, resolution: number) => ({
    ticket_reaction_seconds: reaction * 60,
    ticket_resolution_seconds: resolution * 60,
  });
  const policy = await api.post<{ id: string }>("/sla-policies", {
    name: "Стандарт",
    definition: {
      schedule_id: schedule.id,
      norms: norms(60, 8 * 60),
      extra: [{ name: "VIP, срочно", priorities: ["high"], categories: ["VIP"], norms: norms(15, 2 * 60) }],
      share: { percent: 80, check_at: "18:00", days: 1, tell: [morozova], of: "ticket" },
    },
  });
  await api.put(`/lines/${line.id}/sla`, { policy_id: policy.id });
  const catalogue = await api.post<{ id: string }>("/service-catalogues", { name: "Касса" });
  const service = await api.post<{ id: string }>("/services", {
    catalogue_id: catalogue.id,
    name: "Ремонт кассы",
  });
  const sources = await api.get<{ items: { id: string }[] }>("/sources");
  const called = await api.post<{ contact: { id: string } }>("/conversations/register", {
    line_id: line.id,
    source_id: sources.items[0]?.id,
    contact: { name: "Ольга Серова", phone: "+7 912 555-01-44" },
    text: "Звонит, чтобы напомнить о договоре.",
  });
  const vip = called.contact.id;
  await api.patch(`/contacts/${vip}`, { category: "VIP" });

  await api.post("/absences", {
    user_id: anna,
    substitute_id: orlov,
    reason: "vacation",
    from: moscow("2027-01-12", "00:00"),
    until: moscow("2027-01-26", "00:00"),
  });
  await api.post(`/lines/${line.id}/routing-rules`, {
    name: "Касса",
    condition: { field: "message_text", operator: "contains", value: ["касса"] },
    target: { kind: "operator", user_id: anna },
  });
  return { company, anna, service: service.id, vip };
}

const promise = (page: Page, norm: "reaction" | "resolution"): Locator =>
  page.locator(`[data-testid="promise"][data-norm="${norm}"]`);

/** When a promise is due, to the minute: its place shows the exact moment when pointed at. */
async function isDue(page: Page, norm: "reaction" | "resolution", at: string): Promise<void> {
  const exactly = new RegExp(`^${at}:\\d\\d$`);
  await expect(promise(page, norm).locator("time").last()).toHaveAttribute("title", exactly);
}

test("tickets over the New Year are due to the minute, and seven of ten are too few", async ({ browser }) => {
  test.setTimeout(180_000);
  const time = await ServerTime.from(moscow("2026-12-30", "13:40"));
  const otklik = await Otklik.start(time.settings);
  const contexts: BrowserContext[] = [];
  const open = async (now: string): Promise<Page> => {
    const context = await browser.newContext({ baseURL: otklik.url, locale: "ru-RU" });
    contexts.push(context);
    await context.clock.install({ time: new Date(now) });
    return context.newPage();
  };
  /** The server's clock and the browsers' are put on. */
  const becomes = async (date: string, clock: string) => {
    const now = moscow(date, clock);
    await time.set(now);
    for (const context of contexts) await context.clock.setSystemTime(new Date(now));
    await until(`the server to see ${now}`, async () => {
      const date = (await fetch(`${otklik.url}/healthz`)).headers.get("date");
      return date && Math.abs(Date.parse(date) - Date.parse(now)) < 60_000;
    });
  };
  try {
    const { company, anna, service, vip } = await found(otklik);
    const { api, line } = company;
    const register = (subject: string, more: object = {}) =>
      api.post<{ id: string; number: number }>("/tickets", {
        line_id: line.id,
        subject,
        service_id: service,
        owner_id: anna,
        status: "accepted",
        ...more,
      });
    const take = (id: string) => api.patch(`/tickets/${id}`, { status: "in_progress" });
    const resolve = (id: string) =>
      api.patch(`/tickets/${id}`, { status: "resolved", solution: "Касса снова работает." });

    await becomes("2026-12-30", "13:50");
    const page = await open(moscow("2026-12-30", "13:50"));
    const problems = problemsOf(page);
    await new Workspace(page).signIn(operator);

    await test.step("accepted on a short day at 13:50, it is due on the first Monday of the year", async () => {
      const standard = await register("Касса не печатает чеки", { status: "new" });
      await page.goto(`/tickets/${standard.number}`);
      await page.getByTestId("ticket-status").selectOption("accepted");
      await isDue(page, "reaction", "11 января 2027 г. в 09:50");
      await isDue(page, "resolution", "11 января 2027 г. в 17:50");
      await expectAccessible(page);
    });

    await test.step("an urgent one of a VIP client has less time, and the card says why", async () => {
      const urgent = await register("Касса VIP-клиента стоит", { contact_id: vip, priority: "high" });
      const urgentPage = await contexts[0]?.newPage();
      if (!urgentPage) throw new Error("no browser");
      await urgentPage.goto(`/tickets/${urgent.number}`);
      await isDue(urgentPage, "reaction", "11 января 2027 г. в 09:05");
      await isDue(urgentPage, "resolution", "11 января 2027 г. в 10:50");
      await promise(urgentPage, "reaction").getByTestId("promise-why").click();
      await expect(urgentPage.getByRole("dialog")).toContainText("VIP, срочно");
      await urgentPage.keyboard.press("Escape");
      await urgentPage.getByTestId("ticket-status").selectOption("in_progress");
      await expect(promise(urgentPage, "reaction")).toHaveAttribute("data-standing", "kept");
      await resolves(urgentPage, "Кассу заменили.");
      await expect(promise(urgentPage, "resolution")).toHaveAttribute("data-standing", "kept");
      await urgentPage.close();
    });

    await test.step("taken into work at 9:30 on the 11th, it is in time", async () => {
      await becomes("2027-01-11", "09:30");
      await page.getByTestId("ticket-status").selectOption("in_progress");
      await expect(promise(page, "reaction")).toHaveAttribute("data-standing", "kept");
      await isDue(page, "resolution", "11 января 2027 г. в 17:50");
    });

    await test.step("waiting from 10 to 12 moves the resolution to Tuesday at 10:50", async () => {
      await becomes("2027-01-11", "10:00");
      await waits(page, "Ждём ответа клиента");
      await expect(promise(page, "resolution")).toHaveAttribute("data-standing", "paused");
      await becomes("2027-01-11", "12:00");
      await page.getByTestId("ticket-status").selectOption("in_progress");
      await isDue(page, "resolution", "12 января 2027 г. в 10:50");
    });

    const nine: { id: string }[] = [];
    await test.step("nine more come at noon: six are taken in time, three are not", async () => {
      for (let number = 1; number <= 9; number++) nine.push(await register(`Заявка ${number}`));
      await becomes("2027-01-11", "12:30");
      for (const { id } of nine.slice(0, 6)) await take(id);
      await becomes("2027-01-11", "14:30");
      for (const { id } of nine.slice(6)) await take(id);
    });

    const office = await open(moscow("2027-01-11", "17:58"));
    await test.step("at 18:00 the manager is told: 70 % and not 80 %", async () => {
      await becomes("2027-01-11", "17:58");
      await new Workspace(office).signIn(manager);
      await expect(office.getByTestId("notifications-unread")).toHaveCount(0);
      await becomes("2027-01-11", "18:00");
      await expect(office.getByTestId("notifications-unread")).toBeVisible({ timeout: 90_000 });
      await office.getByTestId("notifications").click();
      await expect(office.getByTestId("notification")).toContainText(
        "По нормативу «Стандарт» в срок выполнено меньше нужного",
      );
    });

    await test.step("she is on vacation from the 12th: what is hers by the rules goes to her substitute", async () => {
      await becomes("2027-01-12", "10:00");
      const deputy = await open(moscow("2027-01-12", "10:00"));
      await new Workspace(deputy).signIn(substitute);
      const tried = await api.post<{ note: string | null }>(`/lines/${line.id}/routing-rules/simulate`, {
        message: { text: "Не работает касса", channel: "email" },
      });
      expect(tried.note).toContain(substitute.name);
      for (const { id } of nine.slice(0, 6)) await resolve(id);
      await page.reload();
      await resolves(page, "Заменили печатающую головку.");
      await expect(promise(page, "resolution")).toHaveAttribute("data-standing", "kept");
    });

    await test.step("the three that nobody resolved are overdue at noon, and the reports agree", async () => {
      await becomes("2027-01-12", "12:30");
      const period = "of=ticket&period=own&from=2026-12-30&to=2027-01-12";
      // The server looks at its clock every five seconds, should somebody put it on.
      await expect(async () => {
        await office.goto(`/admin/sla-report?${period}`);
        const missed = office.getByTestId("report-resolution").getByTestId("report-missed");
        await expect(missed).toContainText("3", { timeout: 2_000 });
      }).toPass({ timeout: 20_000 });
      for (const norm of ["reaction", "resolution"]) {
        const figures = office.getByTestId(`report-${norm}`);
        await expect(figures.getByTestId("report-kept")).toContainText("8");
        await expect(figures.getByTestId("report-missed")).toContainText("3");
        await expect(figures.getByTestId("report-all")).toContainText("11");
      }
      await office.getByTestId("report-resolution").getByTestId("report-missed").click();
      await expect(office.getByTestId("report-case")).toHaveCount(3);
      await office.goto(`/admin/sla-report?${period}&by=services`);
      const services = office.getByRole("row").filter({ hasText: "Ремонт кассы" });
      for (const figure of ["Всего: 11", "Выполнено: 8", "Просрочено: 3", "В работе: 3", "с просрочкой: 3"]) {
        await expect(services.getByRole("button", { name: figure })).toBeVisible();
      }
      await office.goto(`/admin/sla-report?${period}&by=people`);
      const people = office.getByRole("row").filter({ hasText: operator.name });
      for (const figure of ["В работе: 3", "с просрочкой: 3", "Закрыто: 8"]) {
        await expect(people.getByRole("button", { name: figure })).toBeVisible();
      }
    });
    expect(problems, "errors in the operator's browser").toEqual([]);
    expect(otklik.log).not.toContain("panicked at");
  } catch (error) {
    console.log(otklik.log.split("\n").slice(-40).join("\n"));
    throw error;
  } finally {
    for (const context of contexts) await context.close();
    await otklik.remove();
    await time.remove();
  }
});
