// Two nodes on one PostgreSQL: one of them reads a mailbox, and the other takes over when it dies.

import { test as base, expect } from "@playwright/test";
import { connectMailbox, foundCompany } from "../harness/company.ts";
import { MailServers } from "../harness/mail.ts";
import { until } from "../harness/process.ts";
import { Otklik } from "../harness/server.ts";

const support = "support@desk.test";

base("a mailbox is read by one node, and by the other when that one dies", async () => {
  base.skip(!process.env.OTKLIK_TEST_DATABASE_URL, "SQLite has room for one node");
  const mail = await MailServers.start();
  const first = await Otklik.start({ OTKLIK_EXTRA_CA: mail.settings.ca });
  const company = await foundCompany(first);
  const second = await first.startNeighbour();
  try {
    const mailbox = await connectMailbox(company, mail);
    const there = company.api.on(second.url);
    const arrived = (subject: string) =>
      until(`${subject} on both nodes`, async () => {
        for (const api of [company.api, there]) {
          const { items } = await api.get<{ items: { subject: string }[] }>("/conversations");
          if (!items.some((row) => row.subject === subject)) return false;
        }
        return true;
      });
    const write = (subject: string) =>
      mail.send({ from: "olga@clients.test", to: support, subject, text: "Здравствуйте." });

    await write("Первое");
    await arrived("Первое");
    expect(await mail.openSessions(support), "IMAP sessions").toBe(1);

    await first.stop("SIGKILL");
    await write("Второе");
    await until(
      "the other node to take over",
      async () => {
        const { items } = await there.get<{ items: { subject: string }[] }>("/conversations");
        return items.length === 2;
      },
      60,
    );
    expect(await mail.openSessions(support), "IMAP sessions").toBe(1);

    // Back again, it finds the mailbox taken.
    await first.launch();
    await write("Третье");
    await arrived("Третье");
    expect(await mail.openSessions(support), "IMAP sessions").toBe(1);
    const { ledger } = await there.get<{ ledger: Record<string, number> }>(`/mailboxes/${mailbox}`);
    expect(ledger).toMatchObject({ accepted: 3, total: 3 });
  } finally {
    await second.stop();
    await first.remove();
    await mail.stop();
  }
});
