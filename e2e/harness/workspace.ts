// The workspace as an operator uses it. Test ids are known here and nowhere else in the stories.

import { expect, type Locator, type Page } from "@playwright/test";

export class Workspace {
  constructor(readonly page: Page) {}

  /** Signs in through the login page and opens a list. */
  async signIn(person: { email: string; password: string }, view = "open"): Promise<void> {
    await this.page.goto("/login");
    await this.page.getByTestId("login-name").fill(person.email);
    await this.page.getByTestId("login-password").fill(person.password);
    await this.page.getByTestId("login-submit").click();
    await expect(this.page.getByTestId("conversation-list")).toBeVisible();
    await this.view(view);
  }

  async view(name: string): Promise<void> {
    await this.page.getByTestId(`view-${name}`).click();
  }

  /** The row of the conversation with this subject in the open list. */
  row(subject: string): Locator {
    return this.page.getByTestId("conversation-row").filter({ hasText: subject });
  }

  async open(subject: string): Promise<void> {
    await this.row(subject).click();
    await expect(this.page.getByTestId("conversation-subject")).toContainText(subject);
  }

  /** The messages of the open conversation, oldest first. */
  get messages(): Locator {
    return this.page.getByTestId("message");
  }

  message(text: string): Locator {
    return this.messages.filter({ hasText: text });
  }

  get editor(): Locator {
    return this.page.getByTestId("composer").getByTestId("editor");
  }

  async attach(name: string, content: string): Promise<void> {
    const file = { name, mimeType: "text/plain", buffer: Buffer.from(content) };
    await this.page.getByTestId("composer").getByTestId("file-input").setInputFiles(file);
    await expect(this.page.getByTestId("composer-file").filter({ hasText: name })).toBeVisible();
  }

  async send(): Promise<void> {
    await this.page.keyboard.press("Control+Enter");
  }

  /** Waits until our message with this text is in the given state of delivery. */
  async delivered(text: string, state: "sent" | "delivered" | "failed"): Promise<void> {
    const mark = this.message(text).getByTestId("message-delivery");
    await expect(mark).toHaveAttribute("data-state", state, { timeout: 30_000 });
  }
}

/** Lets the ticket that is open wait: for this reason and, if told, until the moment with this name. */
export async function waits(page: Page, reason: string, until?: string): Promise<void> {
  await page.getByTestId("ticket-status").selectOption("waiting");
  await page.getByTestId("waiting-reason").fill(reason);
  if (until) await page.getByTestId("waiting-until").getByText(until, { exact: true }).click();
  await page.getByTestId("waiting-save").click();
  await expect(page.getByTestId("waiting-save")).toHaveCount(0);
  await expect(page.getByTestId("ticket-status")).toHaveValue("waiting");
}

/** Resolves the ticket that is open, and says how. */
export async function resolves(page: Page, solution: string): Promise<void> {
  await page.getByTestId("ticket-status").selectOption("resolved");
  await page.getByTestId("solution-text").fill(solution);
  await page.getByTestId("solution-save").click();
  await expect(page.getByTestId("solution-save")).toHaveCount(0);
  await expect(page.getByTestId("ticket-status")).toHaveValue("resolved");
}
