/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.OTKLIK_DEV_SERVER ?? "http://127.0.0.1:8080";
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": here("./src") } },
  build: {
    target: "es2022",
    manifest: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { index: here("./index.html"), "api-docs": here("./api-docs.html") },
    },
  },
  server: {
    proxy: {
      "^/api/": { target: server, ws: true },
      "^/files/": { target: server },
    },
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
