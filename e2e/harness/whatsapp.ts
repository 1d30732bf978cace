// Meta's side of WhatsApp, as its Cloud API is described: https://developers.facebook.com/documentation/business-messaging/whatsapp
// Only what a story needs of it, and that strictly: an unknown key, a wrong number of a template's values or a stranger's
// token is an error with Meta's code, and free text outside the 24 hours is accepted and then fails by a webhook.

import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Company } from "./company.ts";
import { until } from "./process.ts";

const number = "106540352242922";
const account = "102290129340398";
const token = "EAAJB0otklik0story0user0token";
const secret = "6f1d2c3b4a5968778695a4b3c2d1e0f1";
const verify = "проверка-7";
const day = 24 * 3_600_000;

interface Part {
  type: "BODY" | "HEADER" | "FOOTER";
  format?: "TEXT";
  text: string;
}

const templates: { name: string; components: Part[] }[] = [
  {
    name: "order_ready",
    components: [
      { type: "HEADER", format: "TEXT", text: "Заказ {{1}}" },
      { type: "BODY", text: "Здравствуйте, {{1}}! Ваш заказ {{2}} готов." },
      { type: "FOOTER", text: "Спасибо, что вы с нами" },
    ],
  },
  { name: "hello", components: [{ type: "BODY", text: "Здравствуйте! Мы получили ваше обращение." }] },
];

type Json = Record<string, unknown>;

/** A message that Meta took from us. */
export interface Taken {
  id: string;
  to: string;
  type: string;
  text?: { body: string };
  template?: { name: string; components: { type: string; parameters: { text: string }[] }[] };
}

class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export class WhatsApp {
  /** In order, those that will fail later too. */
  readonly taken: Taken[] = [];
  private hook = "";
  private subscribed = false;
  private count = 0;
  /** When each person last wrote, by Meta's clock. */
  private readonly wrote = new Map<string, number>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WhatsApp> {
    const server = createServer();
    const whatsapp = new WhatsApp(server);
    server.on("request", (request, answer) => {
      const say = (status: number, body: Json) => {
        answer.writeHead(status, { "content-type": "application/json" });
        answer.end(JSON.stringify(body));
      };
      whatsapp.serve(request).then(
        (body) => say(200, body),
        (error) => {
          const { code, status } = error instanceof Refusal ? error : { code: 131000, status: 500 };
          say(status, { error: { message: `(#${code}) ${error.message}`, type: "OAuthException", code } });
        },
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return whatsapp;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Makes the line's channel, lets Meta verify its address as the App Dashboard does, and waits until it works. */
  async connect({ api, line }: Company): Promise<void> {
    const channel = await api.post<{ id: string; hook_url: string }>("/channels", {
      line_id: line.id,
      kind: "whatsapp",
      name: "WhatsApp поддержки",
      settings: {
        phone_number_id: number,
        business_account_id: account,
        access_token: token,
        app_secret: secret,
        verify_token: verify,
        api_url: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      },
      enabled: true,
    });
    const asked = new URLSearchParams({
      "hub.mode": "subscribe",
      "hub.challenge": "1158201444",
      "hub.verify_token": verify,
    });
    const answer = await fetch(`${channel.hook_url}?${asked}`);
    if ((await answer.text()) !== "1158201444") throw new Error(`Meta was not answered: ${answer.status}`);
    this.hook = channel.hook_url;
    await until("the channel to work", async () => {
      const { state } = await api.get<{ state: string }>(`/channels/${channel.id}`);
      return state === "active" && this.subscribed;
    });
  }

  /** A person writes; Meta may deliver it later than he wrote, as after an outage. */
  async write(from: string, name: string, body: string, at = Date.now()): Promise<void> {
    this.wrote.set(from, Math.max(at, this.wrote.get(from) ?? 0));
    const timestamp = String(Math.floor(at / 1000));
    const message = { from, id: this.next(), timestamp, type: "text", text: { body } };
    await this.tell({ contacts: [{ profile: { name }, wa_id: from }], messages: [message] });
  }

  private next(): string {
    this.count += 1;
    return `wamid.HBgLNzQ5NTAwMDAwMDEVAgARGBI${String(this.count).padStart(12, "0")}`;
  }

  private async tell(content: Json): Promise<void> {
    const metadata = { display_phone_number: "74950000001", phone_number_id: number };
    const value = { messaging_product: "whatsapp", metadata, ...content };
    const entry = [{ id: account, changes: [{ field: "messages", value }] }];
    const body = JSON.stringify({ object: "whatsapp_business_account", entry });
    const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
    const answer = await fetch(this.hook, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
  }

  private async serve(request: IncomingMessage): Promise<Json> {
    const url = new URL(request.url ?? "/", "http://meta.test");
    if (request.headers.authorization !== `Bearer ${token}`) {
      throw new Refusal(190, 401, "Access token has expired");
    }
    let text = "";
    for await (const chunk of request) text += chunk;
    const called = `${request.method} ${url.pathname}`;
    switch (called) {
      case `GET /v25.0/${account}/subscribed_apps`:
        return { data: this.subscribed ? [{ whatsapp_business_api_data: { name: "Otklik" } }] : [] };
      case `POST /v25.0/${account}/subscribed_apps`:
        this.subscribed = true;
        return { success: true };
      case `GET /v25.0/${number}`:
        return { verified_name: "Ромашка", display_phone_number: "+7 495 000-00-01", id: number };
      case `GET /v25.0/${account}/message_templates`: {
        const named = url.searchParams.get("name");
        const found = templates.filter(({ name }) => named === null || name === named);
        const about = {
          language: "ru",
          status: "APPROVED",
          category: "UTILITY",
          parameter_format: "POSITIONAL",
        };
        return { data: found.map((each) => ({ ...about, ...each })), paging: {} };
      }
      case `POST /v25.0/${number}/messages`:
        return this.take(JSON.parse(text));
      default:
        throw new Refusal(100, 400, `Unsupported request: ${called}`);
    }
  }

  private take(body: Json): Json {
    if (body.messaging_product !== "whatsapp") throw new Refusal(100, 400, "messaging_product is required");
    // Read marks and typing.
    if (body.status === "read") return { success: true };
    const allowed = ["messaging_product", "recipient_type", "to", "type", "text", "template", "context"];
    const unknown = Object.keys(body).find((key) => !allowed.includes(key));
    if (unknown) throw new Refusal(100, 400, `Unexpected key "${unknown}"`);
    const message = { ...(body as unknown as Taken), id: this.next() };
    if (!/^\d{7,15}$/.test(message.to))
      throw new Refusal(131009, 400, "Recipient is not a valid phone number");
    if (message.type === "template") check(message);
    else if (message.type !== "text" || !message.text?.body) throw new Refusal(100, 400, "Invalid parameter");
    this.taken.push(message);
    const last = this.wrote.get(message.to);
    const closed = message.type !== "template" && (last === undefined || Date.now() - last >= day);
    // Meta finds out after it has answered.
    setTimeout(() => void this.judge(message, closed).catch(() => {}), 50);
    return {
      messaging_product: "whatsapp",
      contacts: [{ input: message.to, wa_id: message.to }],
      messages: [{ id: message.id }],
    };
  }

  private async judge({ id, to }: Taken, closed: boolean): Promise<void> {
    const status = { id, recipient_id: to, timestamp: String(Math.floor(Date.now() / 1000)) };
    const errors = [{ code: 131047, title: "Re-engagement message" }];
    await this.tell({
      statuses: [closed ? { ...status, status: "failed", errors } : { ...status, status: "delivered" }],
    });
  }
}

/** A template is known and has as many values as it has places. */
function check({ template }: Taken): void {
  const known = templates.find(({ name }) => name === template?.name);
  if (!known || !template) throw new Refusal(132001, 404, "Template name does not exist in the translation");
  for (const { type, text } of known.components) {
    const wanted = text.split("{{").length - 1;
    const given = (template.components ?? []).find((each) => each.type === type.toLowerCase());
    const values = given?.parameters ?? [];
    if (values.length !== wanted || values.some((value) => !value.text)) {
      throw new Refusal(132000, 400, `${type}: ${values.length} values instead of ${wanted}`);
    }
  }
}
