import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "crash.ts",
  outputDir: "test-results",
  workers: 1,
  timeout: 30 * 60_000,
  reporter: [["list"]],
});
