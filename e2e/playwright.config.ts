import { defineConfig } from "@playwright/test";
import { browser } from "./harness/browser.ts";

// One worker: a story owns a server, a mail world and two cores.
export default defineConfig({
  testDir: "stories",
  outputDir: "test-results",
  workers: 1,
  timeout: 150_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  use: { ...browser, actionTimeout: 20_000, trace: "retain-on-failure", screenshot: "only-on-failure" },
});
