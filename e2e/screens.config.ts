import { defineConfig } from "@playwright/test";
import { browser } from "./harness/browser.ts";

// `npm run screens`: pictures of every page, for people to look at; nothing is compared.
export default defineConfig({
  testDir: ".",
  testMatch: "screens.ts",
  outputDir: "test-results",
  workers: 1,
  timeout: 300_000,
  reporter: [["line"]],
  use: browser,
});
