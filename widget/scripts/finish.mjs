// After the build: refuses a widget that is too large or evaluates text as code, packs it, and lays the demo shop beside it.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

/** What a site's visitor may have to download for the chat, gzipped. */
const limit = 30 * 1024;

const root = new URL("..", import.meta.url).pathname;
const code = readFileSync(`${root}dist/widget.js`);
// Smaller blocks suit a file of code, styles and two languages.
const gzipped = gzipSync(code, { level: 9, memLevel: 6 });
const told = `widget.js: ${(gzipped.length / 1024).toFixed(1)} KB gzipped, at most ${limit / 1024} KB`;
if (gzipped.length > limit || /\beval\(|new Function\(|document\.cookie/.test(code.toString())) {
  console.error(`${told}; and it must neither evaluate text as code nor touch cookies`);
  rmSync(`${root}dist`, { recursive: true });
  process.exit(1);
}
// Twins that the server sends as they are.
writeFileSync(`${root}dist/widget.js.gz`, gzipped);
writeFileSync(`${root}dist/widget.js.br`, brotliCompressSync(code));

cpSync(`${root}demo`, `${root}dist/demo`, {
  recursive: true,
  filter: (path) => !/demo\/(pages|layout\.html)/.test(path),
});
const layout = readFileSync(`${root}demo/layout.html`, "utf8");
for (const name of readdirSync(`${root}demo/pages`, { recursive: true })) {
  if (!name.endsWith(".html")) continue;
  // The first line of a page is a comment with its title.
  const [, title, body] = readFileSync(`${root}demo/pages/${name}`, "utf8").match(
    /^<!-- (.+) -->\n([\s\S]*)$/,
  );
  const target = `${root}dist/demo/${name}`;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(
    target,
    layout.replace("{{title}}", () => title).replace("{{body}}", () => body),
  );
}
console.log(told);
