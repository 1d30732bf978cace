import { defineConfig } from "@playwright/test";
import { browser } from "./harness/browser.ts";

// Two workers, each with a server and a mail world of its own: a story waits half of its time.
export default defineConfig({
  testDir: "stories",
  outputDir: "test-results",
  workers: 2,
  timeout: 150_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  use: { ...browser, actionTimeout: 20_000, trace: "retain-on-failure", screenshot: "only-on-failure" },
});
