// A company's site with the chat on it, and its visitors.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type Locator, type Page } from "@playwright/test";
import type { Company } from "./company.ts";

/** A site of its own origin, as strict as a site may be: the chat gets what its documentation asks for and nothing more. */
export class Shop {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(otklik: string, key: string): Promise<Shop> {
    const page = `<!doctype html><html lang="ru"><meta charset="utf-8"><title>Чайная лавка</title>
      <meta name="viewport" content="width=device-width"><h1>Чайная лавка</h1>
      <script async src="${otklik}/widget.js" data-key="${key}"></script></html>`;
    const policy = [
      "default-src 'none'",
      `script-src ${otklik}`,
      `connect-src ${otklik} ${otklik.replace("http", "ws")}`,
      `img-src ${otklik}`,
      `media-src ${otklik}`,
      "require-trusted-types-for 'script'",
      "trusted-types otklik",
    ].join("; ");
    const server = createServer((request, answer) => {
      const found = !request.url?.startsWith("/favicon");
      answer.writeHead(found ? 200 : 204, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": policy,
      });
      answer.end(found ? page : "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Shop(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Makes a site chat of the line and gives its public key. */
export async function connectSite(company: Company, settings: Record<string, unknown>): Promise<string> {
  const channel = await company.api.post<{ hook_key: string }>("/channels", {
    line_id: company.line.id,
    kind: "chat",
    name: "Сайт чайной лавки",
    settings,
    enabled: true,
  });
  return channel.hook_key;
}

/** The chat as a visitor uses it. Its class names are known here alone; Playwright looks into its shadow tree by itself. */
export class Widget {
  private readonly root: Locator;

  constructor(readonly page: Page) {
    this.root = page.locator("#otklik-widget");
  }

  get launcher(): Locator {
    return this.root.locator(".launcher");
  }

  get panel(): Locator {
    return this.root.getByRole("dialog");
  }

  /** What the server has confirmed; `pending` is what it has not. */
  get messages(): Locator {
    return this.root.locator(".message:not(.pending)");
  }

  message(text: string): Locator {
    return this.messages.filter({ hasText: text });
  }

  get pending(): Locator {
    return this.root.locator(".pending");
  }

  get input(): Locator {
    return this.root.locator(".composer textarea");
  }

  get offline(): Locator {
    return this.root.locator(".bar-offline");
  }

  get rating(): Locator {
    return this.root.locator(".rating");
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await expect(this.panel).toBeVisible();
  }

  async say(text: string): Promise<void> {
    await this.input.fill(text);
    await this.input.press("Enter");
  }

  async attach(name: string, mimeType: string, buffer: Buffer): Promise<void> {
    await this.root.locator(".composer input[type=file]").setInputFiles({ name, mimeType, buffer });
    await expect(this.root.locator(".upload").filter({ hasText: name })).toBeVisible();
    await expect(this.root.getByRole("progressbar")).toHaveCount(0);
  }

  async state(text: string, state: "sent" | "delivered" | "read"): Promise<void> {
    await expect(this.message(text).locator(`.state-${state}`)).toBeVisible();
  }
}
