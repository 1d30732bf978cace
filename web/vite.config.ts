/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.OTKLIK_DEV_SERVER ?? "http://127.0.0.1:8080";
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Mantine without the parts that only forms of the administration need. */
const everyday =
  /node_modules\/(@mantine\/core\/(?!.*\/(Alert|Badge|CopyButton|MultiSelect|PasswordInput|SegmentedControl|Select|Stack|Stepper|Switch|Table|Tabs)\/)|@mantine\/(hooks|notifications)\/|@floating-ui\/|clsx\/)/;

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
      output: {
        // A few files that stay the same from release to release, instead of sixty small ones.
        advancedChunks: {
          groups: [
            {
              name: "react",
              priority: 3,
              test: /node_modules\/(react|react-dom|scheduler|i18next|react-i18next|@tanstack)\//,
            },
            { name: "mantine", priority: 2, test: everyday },
            { name: "mantine-forms", priority: 1, test: /node_modules\/@mantine\/core\// },
            {
              name: "editor-core",
              test: /node_modules\/(@tiptap|prosemirror-|linkifyjs|orderedmap|rope-sequence|w3c-keyname)/,
            },
            {
              name: "shared",
              test: /src\/(lib\/|api\/|ui\/(actions|avatar|icon-button|keys|notify|rail|states|time|use-))/,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "^/api/": { target: server, ws: true },
      "^/files/": { target: server },
      "^/form(s/preview|\\.js)": { target: server },
    },
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
