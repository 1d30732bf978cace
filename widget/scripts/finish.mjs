// After the build: refuses a widget that is too large or evaluates text as code, and lays the demo shop beside it.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

/** What a site's visitor may have to download for the chat, gzipped. */
const limit = 30 * 1024;

const root = new URL("..", import.meta.url).pathname;
const code = readFileSync(`${root}dist/widget.js`);
const size = gzipSync(code, { level: 9 }).length;
const told = `widget.js: ${(size / 1024).toFixed(1)} KB gzipped, at most ${limit / 1024} KB`;
if (size > limit) {
  console.error(`${told}; too large`);
  process.exit(1);
}
if (/\beval\(|new Function\(|document\.cookie/.test(code.toString())) {
  console.error("widget.js must neither evaluate text as code nor touch cookies");
  process.exit(1);
}
writeFileSync(`${root}dist/widget.js.br`, brotliCompressSync(code));
cpSync(`${root}demo`, `${root}dist/demo`, { recursive: true });
console.log(told);
