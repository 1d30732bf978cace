// A client's mail becomes a conversation, an operator answers in the browser, the client gets the answer.

import { operator } from "../harness/company.ts";
import { header } from "../harness/mail.ts";
import { expect, expectAccessible, test } from "../harness/test.ts";
import { Workspace } from "../harness/workspace.ts";

const support = "support@desk.test";

test("a letter is answered with formatting and a file, and the reply finds its way back", async ({
  page,
  company,
  mail,
}) => {
  const olga = "olga@clients.test";
  const workspace = new Workspace(page);
  await workspace.signIn(operator, "unassigned");
  // Gone after a reload, so its presence proves there was none.
  await page.evaluate(() => Object.assign(window, { stillTheSamePage: true }));

  const question = await mail.send({
    from: `"Ольга Романова" <${olga}>`,
    to: support,
    subject: "Не приходит счёт за октябрь",
    text: "Здравствуйте!\n\nЖдём счёт с прошлой недели.\n\n-- \nОльга Романова",
  });

  await test.step("the letter appears in the open browser without a reload", async () => {
    await expect(workspace.row("Не приходит счёт за октябрь")).toBeVisible();
    await expect(workspace.row("Не приходит счёт за октябрь")).toContainText("Ольга Романова");
    expect(await page.evaluate(() => "stillTheSamePage" in window)).toBe(true);
  });

  await test.step("the operator answers with formatting and a file", async () => {
    await workspace.open("Не приходит счёт за октябрь");
    await expect(workspace.message("Ждём счёт с прошлой недели.")).toBeVisible();
    await workspace.editor.click();
    await page.keyboard.type("Добрый день, Ольга! Счёт ");
    await page.keyboard.press("Control+b");
    await page.keyboard.type("уже в пути");
    await page.keyboard.press("Control+b");
    await page.keyboard.type(".");
    await workspace.attach("Счёт 118.txt", "Счёт № 118 на 12 400 рублей");
    await expectAccessible(page);
    await workspace.send();
    await expect(workspace.message("уже в пути")).toBeVisible();
    await workspace.delivered("уже в пути", "sent");
  });

  const answer = await mail.arrival(olga, "the answer", (letter) =>
    Boolean(letter.text?.includes("уже в пути")),
  );

  await test.step("the answer in the client's mailbox is right", async () => {
    expect(answer.subject).toContain("Не приходит счёт за октябрь");
    expect(answer.from).toMatchObject({ name: "Поддержка Ромашки" });
    expect(answer.inReplyTo).toBe(question);
    expect(answer.references).toContain(question);
    expect(answer.html).toMatch(/<strong>уже в пути<\/strong>/);
    const file = answer.attachments.find((attachment) => attachment.filename === "Счёт 118.txt");
    expect(new TextDecoder().decode(file?.content as ArrayBuffer)).toBe("Счёт № 118 на 12 400 рублей");
    // Only a person's words are ours to send: nothing here asks for an automatic answer.
    expect(header(answer, "auto-submitted")).toBeUndefined();
  });

  await test.step("a reply with another subject lands in the same conversation", async () => {
    await mail.send({
      from: `"Ольга Романова" <${olga}>`,
      to: support,
      subject: "Совсем другая тема",
      text: "Спасибо, получила!\n\n> Счёт уже в пути.",
      inReplyTo: answer.messageId,
      references: `${answer.references} ${answer.messageId}`,
    });
    await expect(workspace.message("Спасибо, получила!")).toBeVisible();
    await expect(workspace.message("Спасибо, получила!")).not.toContainText("> Счёт");
    const { items } = await company.api.get<{ items: { contact: { name: string } }[] }>(
      "/conversations?view=all&channel=email",
    );
    expect(items.filter(({ contact }) => contact.name === "Ольга Романова")).toHaveLength(1);
    await expect(workspace.row("Совсем другая тема")).toHaveCount(0);
  });

  await test.step("a stranger who was forwarded the thread starts a conversation of their own", async () => {
    const forward = "<forwarded-1@clients.test>";
    await mail.send({
      from: '"Артём Чужой" <artem@clients.test>',
      to: support,
      subject: "Re: Fwd: Не приходит счёт за октябрь",
      text: "Перешлите и мне, пожалуйста.",
      inReplyTo: forward,
      references: `${answer.references} ${answer.messageId} ${forward}`,
    });
    await workspace.view("unassigned");
    await expect(workspace.row("Артём Чужой")).toBeVisible();
    await expect(workspace.message("Перешлите и мне")).toHaveCount(0);
  });
});

test("an answer to an address that does not exist is marked as failed", async ({ page, company, mail }) => {
  expect(company.line.key).toBe("SUPPORT");
  const workspace = new Workspace(page);
  await workspace.signIn(operator, "unassigned");

  await test.step("bounced by the client's server after it was taken", async () => {
    await mail.send({
      from: "ghost@clients.test",
      to: support,
      subject: "Письмо из ниоткуда",
      text: "Ответьте мне.",
    });
    await workspace.open("Письмо из ниоткуда");
    await workspace.editor.click();
    await page.keyboard.type("Отвечаем в пустоту.");
    await workspace.send();
    await workspace.delivered("Отвечаем в пустоту.", "failed");
    await expect(workspace.message("Отвечаем в пустоту.")).toContainText("ghost@clients.test");
  });

  await test.step("refused by the server while we were connected", async () => {
    await workspace.view("unassigned");
    await mail.send({
      from: "nobody@reject.test",
      to: support,
      subject: "Отказ на пороге",
      text: "Ответьте и мне.",
    });
    await workspace.open("Отказ на пороге");
    await workspace.editor.click();
    await page.keyboard.type("Нас не пустят.");
    await workspace.send();
    await workspace.delivered("Нас не пустят.", "failed");
  });
});
