/// <reference types="vitest/config" />
import { defineConfig } from "vite";

/** One classic script without imports: a site embeds it with one line, and a strict CSP needs only our host in `script-src`. */
export default defineConfig({
  // The older form of JSX makes a smaller script.
  oxc: {
    jsx: { runtime: "classic", pragma: "__h", pragmaFrag: "__F" },
    jsxInject: "import { h as __h, Fragment as __F } from 'preact'",
  },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    lib: { entry: "src/main.ts", formats: ["iife"], name: "OtklikWidget", fileName: () => "widget.js" },
    cssMinify: true,
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
