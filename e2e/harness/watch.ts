// What a person with an open console would call an error.

import type { Page } from "@playwright/test";

/** Collects, from now on, the page's console errors, exceptions, failed answers and requests to other hosts. */
export function problemsOf(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    // Chromium reports every 4xx answer; the first question of a signed-out page is answered 401, and that is right.
    const expected = /\/api\/v1\/(me|session|setup)$/.test(message.location().url);
    if (message.type() === "error" && !expected) {
      problems.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("response", (response) => {
    if (response.status() >= 500) problems.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && hostname !== "127.0.0.1")
      problems.push(`leaves us: ${request.url()}`);
  });
  return problems;
}
