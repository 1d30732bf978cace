// An administrator connects a mailbox, and an answer that could not leave is sent again.

import { administrator, operator } from "../harness/company.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { Workspace } from "../harness/workspace.ts";

test("a wrong password is told in plain words, and the right one connects the mailbox", async ({
  page,
  company,
  mail,
}) => {
  await new Workspace(page).signIn(administrator);
  await page.goto("/admin/mailboxes");
  await page.getByTestId("mailbox-create").first().click();
  await page.getByTestId("preset-custom").click();
  const { imaps_port, submission_port, password } = mail.settings;
  const fill = (id: string, text: string) => page.getByTestId(id).fill(text);
  await page.getByLabel("Линия").selectOption(company.line.id);
  await fill("mailbox-address", "sales@desk.test");
  await fill("mailbox-password", "не тот пароль");
  await fill("imap-host", "127.0.0.1");
  await fill("imap-port", String(imaps_port));
  await page.getByTestId("imap-security").selectOption("tls");
  await fill("smtp-host", "127.0.0.1");
  await fill("smtp-port", String(submission_port));
  await page.getByTestId("smtp-security").selectOption("starttls");

  const imap = page.getByTestId("check-imap");
  const smtp = page.getByTestId("check-smtp");
  await page.getByTestId("mailbox-test").click();
  await expect(imap).toHaveAttribute("data-ok", "false");
  await expect(imap).toContainText("не принял логин");
  await expect(smtp).toContainText("не принял логин");
  await expectAccessible(page);

  await fill("mailbox-password", password);
  await page.getByTestId("mailbox-test").click();
  await expect(imap).toHaveAttribute("data-ok", "true");
  await expect(smtp).toHaveAttribute("data-ok", "true");

  await page.getByTestId("mailbox-submit").click();
  await expect(page.getByTestId("mailbox-state").first()).toHaveAttribute("data-state", "active");
  await mail.send({
    from: "irina@clients.test",
    to: "sales@desk.test",
    subject: "В отдел продаж",
    text: "Здравствуйте.",
  });
  await page.goto("/c/open");
  await expect(new Workspace(page).row("В отдел продаж")).toBeVisible();
});

test("an answer that found no mailbox leaves when it is sent again", async ({ page, company, mail }) => {
  const pavel = "pavel@clients.test";
  const workspace = new Workspace(page);
  await mail.send({ from: pavel, to: "support@desk.test", subject: "Когда доставка?", text: "Жду." });
  await workspace.signIn(operator, "unassigned");
  await workspace.open("Когда доставка?");

  const { items } = await company.api.get<{ items: { id: string }[] }>("/mailboxes");
  const setEnabled = (enabled: boolean) =>
    Promise.all(items.map(({ id }) => company.api.patch(`/mailboxes/${id}`, { enabled })));
  await setEnabled(false);
  await workspace.editor.click();
  await page.keyboard.type("Доставка завтра.");
  await workspace.send();
  await workspace.delivered("Доставка завтра.", "failed");
  const failure = workspace.message("Доставка завтра.").getByTestId("delivery-error");
  await expect(failure).toContainText("нет включённого почтового ящика");

  await setEnabled(true);
  await failure.getByTestId("retry-button").click();
  await workspace.delivered("Доставка завтра.", "sent");
  await expect(failure).toHaveCount(0);
  await mail.arrival(pavel, "the answer", (letter) => Boolean(letter.text?.includes("Доставка завтра.")));
});
