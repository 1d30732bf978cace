// Fails when a translation is missing in a language, when code asks for a key that does not exist, or when a key is unused.
// Keys are read as "namespace:path.to.key"; a template literal such as `desk:status.${x}` uses every key below its fixed part.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

const source = new URL("../src", import.meta.url).pathname;
const languages = ["ru", "en"];
const pluralForms = Object.fromEntries(
  languages.map((language) => [language, new Intl.PluralRules(language).resolvedOptions().pluralCategories]),
);
const plural = /_(zero|one|two|few|many|other)$/;
/** Russian verbs of the past tell a man from a woman; a language without such forms needs only the word itself. */
const gender = /_(male|female)$/;

function flatten(object, prefix, into) {
  for (const [key, value] of Object.entries(object)) {
    if (typeof value === "object") flatten(value, `${prefix}${key}.`, into);
    else into.set(prefix + key, value);
  }
  return into;
}

const problems = [];
const keys = {};
for (const language of languages) {
  const all = new Map();
  const folder = join(source, "i18n", language);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    flatten(JSON.parse(readFileSync(join(folder, file), "utf8")), `${basename(file, ".json")}:`, all);
  }
  keys[language] = all;
}

const stems = (language) =>
  new Set([...keys[language].keys()].map((key) => key.replace(plural, "").replace(gender, "")));
const known = stems("ru");
for (const language of languages) {
  for (const other of languages) {
    for (const stem of stems(other)) {
      if (!stems(language).has(stem)) problems.push(`${language}: no translation of ${stem}`);
    }
  }
  for (const [key, value] of keys[language]) {
    if (value.trim() === "") problems.push(`${language}: ${key} is empty`);
    if (!plural.test(key)) continue;
    const stem = key.replace(plural, "");
    for (const form of pluralForms[language]) {
      if (!keys[language].has(`${stem}_${form}`)) problems.push(`${language}: ${stem} has no form "${form}"`);
    }
  }
}

const code = readdirSync(source, { recursive: true })
  .map((name) => join(source, name))
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts") && statSync(path).isFile())
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");
const used = new Set();
for (const [, literal] of code.matchAll(/["'`]([a-z]+:[A-Za-z0-9_.]+[A-Za-z0-9_])["'`]/g)) {
  if (literal.startsWith("node:")) continue;
  used.add(literal);
}
const prefixes = [...code.matchAll(/`([a-z]+:[A-Za-z0-9_.]*)\$\{/g)].map(([, prefix]) => prefix);
for (const [, asked] of code.matchAll(/\b(?:t|i18n\.t)\(\s*["']([^"'$]+)["']/g)) {
  if (!known.has(asked)) problems.push(`code asks for ${asked}, which does not exist`);
}
for (const stem of known) {
  if (!used.has(stem) && !prefixes.some((prefix) => stem.startsWith(prefix)))
    problems.push(`${stem} is not used`);
}

if (problems.length > 0) {
  console.error([...new Set(problems)].sort().join("\n"));
  process.exit(1);
}
console.log(`i18n: ${known.size} keys, ${languages.length} languages, nothing missing`);
