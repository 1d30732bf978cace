// Puts a brotli twin (`file.br`) beside every text file of dist, so that the server can embed and send them as they are.
// Invariant: a twin is written only when it is smaller than the file; the server falls back to the plain file otherwise.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const dist = new URL("../dist", import.meta.url).pathname;
const textTypes = new Set([".html", ".js", ".css", ".svg", ".json", ".txt", ".map", ".webmanifest"]);

rmSync(join(dist, ".vite"), { recursive: true, force: true });
let before = 0;
let after = 0;
for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name);
  if (!statSync(path).isFile() || !textTypes.has(extname(path))) continue;
  const plain = readFileSync(path);
  const packed = brotliCompressSync(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
  if (packed.length >= plain.length) continue;
  writeFileSync(`${path}.br`, packed);
  before += plain.length;
  after += packed.length;
}
console.log(`brotli: ${(before / 1024).toFixed(0)} kB -> ${(after / 1024).toFixed(0)} kB`);
