// The clients' side of mail: a real Postfix and Dovecot, and people who write and read through them.

import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";
import PostalMime, { type Email } from "postal-mime";
import { root, run, until } from "./process.ts";

/** What `scripts/mail-servers.sh` prints. */
interface Description {
  host: string;
  smtp_port: number;
  submission_port: number;
  smtps_port: number;
  imap_port: number;
  imaps_port: number;
  ca: string;
  password: string;
  accounts: { login: string; password: string; access_token: string }[];
}

export interface Letter {
  from: string;
  to: string;
  subject: string;
  text: string;
  html?: string;
  messageId?: string;
  inReplyTo?: string;
  references?: string;
  attachments?: { filename: string; content: Buffer | string; contentType?: string }[];
}

export class MailServers {
  private constructor(
    private readonly folder: string,
    readonly settings: Description,
  ) {}

  static async start(): Promise<MailServers> {
    const folder = await mkdtemp(join(tmpdir(), "otklik-mail-"));
    const description = await run(join(root, "scripts/mail-servers.sh"), "start", folder);
    return new MailServers(folder, JSON.parse(description));
  }

  /** Postfix's log. */
  get log(): string {
    return join(this.folder, "postfix.log");
  }

  /** How many IMAP sessions somebody has open, by Dovecot's log. */
  async openSessions(login: string): Promise<number> {
    const log = await readFile(join(this.folder, "dovecot.log"), "utf8");
    const opened = log.split(`imap-login: Info: Login: user=<${login}>`).length;
    return opened - log.split("\n").filter((line) => isEnd(line, login)).length - 1;
  }

  async stop(): Promise<void> {
    await run(join(root, "scripts/mail-servers.sh"), "stop", this.folder);
  }

  /** Hands a letter to Postfix as another provider's server would; gives its Message-ID. */
  async send(letter: Letter): Promise<string> {
    const transport = createTransport({ host: "127.0.0.1", port: this.settings.smtp_port, ignoreTLS: true });
    const sent = await transport.sendMail(letter);
    transport.close();
    return sent.messageId;
  }

  /** Waits until Postfix has delivered or bounced everything it took. */
  async delivered(): Promise<void> {
    const script = join(root, "scripts/mail-servers.sh");
    await until("Postfix to deliver", async () => Number(await run(script, "queue", this.folder)) === 0, 120);
  }

  /** Every letter in somebody's inbox, oldest first, as an independent parser reads it. */
  async inbox(login: string): Promise<Email[]> {
    const client = new ImapFlow({
      host: "127.0.0.1",
      port: this.settings.imap_port,
      secure: false,
      doSTARTTLS: false,
      auth: { user: login, pass: this.settings.password },
      logger: false,
    });
    await client.connect();
    try {
      const lock = await client.getMailboxLock("INBOX");
      try {
        const letters: Email[] = [];
        for await (const message of client.fetch("1:*", { source: true })) {
          if (message.source) letters.push(await PostalMime.parse(message.source));
        }
        return letters;
      } finally {
        lock.release();
      }
    } finally {
      await client.logout();
    }
  }

  /** Waits for a letter in somebody's inbox. */
  arrival(login: string, what: string, matches: (letter: Email) => boolean): Promise<Email> {
    return until(`${what} in the inbox of ${login}`, async () => (await this.inbox(login)).find(matches));
  }
}

function isEnd(line: string, login: string): boolean {
  return line.includes(`imap(${login})`) && line.includes("Info: Disconnected");
}

/** A header of a received letter, unfolded. */
export function header(letter: Email, name: string): string | undefined {
  return letter.headers.find((header) => header.key === name.toLowerCase())?.value;
}
