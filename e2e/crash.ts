// Nothing is lost and nothing happens twice: the server is killed at random moments while mails arrive and answers leave.
// At the end every mail is in exactly one conversation, and every answer lies in its client's mailbox exactly once. A kill
// in the very moment of the dot leaves an answer of which nobody can say whether it left: it is told as that, never as
// sent, and the test then does what an operator would. Those must be rare (docs/adr/0004).
//   OTKLIK_CRASH_MESSAGES=500 OTKLIK_CRASH_SEED=7 npm run crash

import { expect, test } from "@playwright/test";
import type { Api } from "./harness/api.ts";
import { connectMailbox, foundCompany } from "./harness/company.ts";
import { MailServers } from "./harness/mail.ts";
import { sleep, until } from "./harness/process.ts";
import { Otklik } from "./harness/server.ts";

const count = Number(process.env.OTKLIK_CRASH_MESSAGES ?? 40);
const seed = Number(process.env.OTKLIK_CRASH_SEED ?? Date.now() % 100_000);
/** So that a short run is cut up as finely as a long one. */
const fewestKills = Math.max(4, Math.ceil(count / 10));
const clients = ["client", "olga", "artem", "irina", "pavel", "marina"].map((name) => `${name}@clients.test`);

const clientOf = (index: number) => clients[index % clients.length] ?? "";
const subjectOf = (index: number) => `Вопрос ${index}`;
const answerOf = (index: number) => `Ответ на вопрос ${index}.`;

interface Row {
  id: string;
  subject: string;
  /** Of what we wrote last: null when it was sent. */
  delivery: "queued" | "failed" | null;
}

interface Message {
  id: string;
  kind: "inbound" | "outbound" | "note";
  type: "message" | "event";
  delivery: { state: string; error: string | null } | null;
}

test(`${count} mails and ${count} answers through random kills`, async () => {
  console.log(`      seed ${seed}`);
  const mail = await MailServers.start();
  const otklik = await Otklik.start({ OTKLIK_EXTRA_CA: mail.settings.ca, OTKLIK_UNDO_SECONDS: "0" });
  try {
    const company = await foundCompany(otklik);
    const mailbox = await connectMailbox(company, mail);

    const work = { done: false };
    const killer = killAtRandom(otklik, work);
    let kills = 0;
    try {
      await Promise.all([writeMails(mail), answerAll(company.api)]);
    } finally {
      work.done = true;
      kills = await killer;
    }

    console.log(`      killed ${kills} times`);

    const doubtful = await settled(company.api);
    console.log(`      nobody knew of ${doubtful.length}, told as such`);
    expect(doubtful.length, "answers that nobody knows of").toBeLessThanOrEqual(Math.ceil(kills / 10));
    await mail.delivered();
    for (const answer of doubtful) await decide(company.api, mail, answer);
    await settled(company.api);
    await mail.delivered();

    const rows = await allConversations(company.api);
    expect(rows.map((row) => row.subject).toSorted(), "each mail in one conversation").toEqual(
      numbered(subjectOf).toSorted(),
    );
    for (const { id, subject } of rows) {
      const messages = await messagesOf(company.api, id);
      const gaveUp = doubtful.some((answer) => messages.some((message) => message.id === answer.message));
      expect(
        messages.map(({ kind, delivery }) => [kind, delivery?.state]),
        subject,
      ).toEqual([
        ["inbound", undefined],
        ["outbound", gaveUp ? expect.stringMatching(/^(sent|cancelled)$/) : "sent"],
      ]);
    }

    const { ledger } = await company.api.get<{ ledger: Record<string, number> }>(`/mailboxes/${mailbox}`);
    expect(ledger).toMatchObject({ accepted: count, automatic: 0, quarantined: 0 });

    for (const client of clients) {
      const expected = numbered((index) => index)
        .filter((index) => clientOf(index) === client)
        .map(answerOf);
      const answers = await answersIn(mail, client);
      expect(answers.toSorted(), `answers in the mailbox of ${client}`).toEqual(expected.toSorted());
    }
  } catch (error) {
    await test.info().attach("server.log", { body: otklik.log });
    await test.info().attach("postfix.log", { path: mail.log });
    throw error;
  } finally {
    await otklik.remove();
    await mail.stop();
  }
});

function numbered<T>(make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

async function writeMails(mail: MailServers): Promise<void> {
  const random = generator(seed + 1);
  for (let index = 0; index < count; index++) {
    await mail.send({
      from: clientOf(index),
      to: "support@desk.test",
      subject: subjectOf(index),
      text: `Здравствуйте, это вопрос ${index}.`,
    });
    await sleep(random() * 120);
  }
}

/** Answers each conversation once, as a careful client of the API does: one key, repeated until an answer comes. */
async function answerAll(api: Api): Promise<void> {
  const answered = new Set<string>();
  await until(
    `${count} conversations to answer`,
    async () => {
      for (const { id, subject } of await allConversations(api)) {
        const index = Number(subject.match(/\d+/)?.[0]);
        if (answered.has(id)) continue;
        const body = { kind: "outbound", html: `<p>${answerOf(index)}</p>`, attachment_ids: [] };
        await until(
          `an answer to ${subject}`,
          () => api.post(`/conversations/${id}/messages`, body, `answer-${id}`),
          60,
        );
        answered.add(id);
      }
      return answered.size >= count;
    },
    20 * 60,
  );
}

async function killAtRandom(otklik: Otklik, work: { done: boolean }): Promise<number> {
  const random = generator(seed);
  let kills = 0;
  while (!work.done || kills < fewestKills) {
    await sleep(100 + random() * 1600);
    await otklik.stop("SIGKILL");
    kills += 1;
    await otklik.launch();
  }
  return kills;
}

/** Park and Miller's generator: the same seed kills at the same moments. */
function generator(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

interface Doubtful {
  message: string;
  index: number;
}

/** Waits until no answer is on its way any more; says which are when that takes too long. Gives those of which the
 * product says that nobody knows whether they left. */
async function settled(api: Api): Promise<Doubtful[]> {
  const open = async () => (await allConversations(api)).filter((row) => row.delivery !== null);
  const look = async () => {
    const rows = (await open()).map(async ({ id, subject }) => {
      const message = (await messagesOf(api, id)).find(({ kind }) => kind === "outbound");
      return {
        message: message?.id ?? "",
        index: Number(subject.match(/\d+/)?.[0]),
        delivery: message?.delivery,
      };
    });
    return await Promise.all(rows);
  };
  const isDoubtful = ({ delivery }: Awaited<ReturnType<typeof look>>[number]) =>
    delivery?.state === "failed" && delivery.error?.includes("неизвестно");
  const left = await until(
    "every answer to leave",
    async () => {
      const rows = await look();
      return rows.every(isDoubtful) && { rows };
    },
    120,
  ).catch(async (error) => {
    const jobs = JSON.stringify(await api.get("/jobs/counters"));
    throw new Error(
      `${error}\n${(await look()).map((row) => JSON.stringify(row)).join("\n")}\njobs: ${jobs}`,
    );
  });
  return left.rows;
}

/** What an operator does with such an answer: sends it again when the client has none, gives it up when he has one. */
async function decide(api: Api, mail: MailServers, { message, index }: Doubtful): Promise<void> {
  const arrived = (await answersIn(mail, clientOf(index))).includes(answerOf(index));
  console.log(`      answer ${index} had ${arrived ? "left" : "not left"}`);
  await api.post(`/messages/${message}/${arrived ? "cancel" : "retry"}`, {});
}

async function answersIn(mail: MailServers, client: string): Promise<(string | undefined)[]> {
  return (await mail.inbox(client)).map((letter) => letter.text?.match(/Ответ на вопрос \d+\./)?.[0]);
}

async function allConversations(api: Api): Promise<Row[]> {
  const rows: Row[] = [];
  let after = "";
  do {
    const query = `view=all&limit=200${after && `&after=${encodeURIComponent(after)}`}`;
    const page = await api.get<{ items: Row[]; next: string | null }>(`/conversations?${query}`);
    rows.push(...page.items);
    after = page.next ?? "";
  } while (after);
  return rows;
}

async function messagesOf(api: Api, id: string): Promise<Message[]> {
  const { items } = await api.get<{ items: Message[] }>(`/conversations/${id}/messages?limit=200`);
  return items.filter((item) => item.type === "message");
}
