// Writes src/ui/mantine-styles.css: the styles of those Mantine parts that the application uses, and of the parts they are made of.
// The whole sheet is twice as large. With --check it only says whether the file is what it should be.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const web = new URL("..", import.meta.url).pathname;
const core = join(web, "node_modules/@mantine/core");
const components = join(core, "esm/components");
const target = join(web, "src/ui/mantine-styles.css");

const sources = (folder, pattern) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => pattern.test(name))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");

/** Names that a piece of code imports from @mantine/core. */
const imported = (code) =>
  [...code.matchAll(/import\s*\{([^}]*)\}\s*from\s*"@mantine\/core"/g)].flatMap(([, names]) =>
    names.split(",").map((name) =>
      name
        .replace(/^\s*type\s+/, "")
        .split(" as ")[0]
        .trim(),
    ),
  );

const known = new Set(readdirSync(components));
const wanted = new Set();
const add = (name) => {
  if (!known.has(name) || wanted.has(name)) return;
  wanted.add(name);
  const code = sources(join(components, name), /\.mjs$/);
  for (const [, other] of code.matchAll(/from "(?:\.\.\/)+([A-Z]\w+)\//g)) add(other);
};
for (const name of imported(sources(join(web, "src"), /\.tsx?$/))) add(name);
for (const name of ["notifications", "dates"]) {
  for (const part of imported(sources(join(web, `node_modules/@mantine/${name}/esm`), /\.mjs$/))) add(part);
}

const whole = readFileSync(join(core, "styles.layer.css"), "utf8");
/** Sheets come in the order of the whole one: later parts refine earlier ones. */
const position = (name) => {
  const first = readFileSync(join(core, `styles/${name}.css`), "utf8").match(/\.m_[0-9a-f]+/)?.[0];
  return first ? whole.indexOf(first) : 0;
};
const sheets = [...wanted].filter((name) => existsSync(join(core, `styles/${name}.layer.css`)));
// Sheets that belong to a part under another name.
for (const [name, part] of [
  ["CheckboxCard", "Checkbox"],
  ["CheckboxIndicator", "Checkbox"],
  ["RadioCard", "Radio"],
  ["RadioIndicator", "Radio"],
  ["InlineInput", "Checkbox"],
  ["InlineInput", "Radio"],
  ["InlineInput", "Switch"],
]) {
  if (wanted.has(part) && !sheets.includes(name)) sheets.push(name);
}
sheets.sort((a, b) => position(a) - position(b) || a.localeCompare(b));

const text = [
  "/* Written by scripts/mantine-styles.mjs (npm run styles), do not edit. */",
  ...["baseline", "default-css-variables", "global", ...sheets].map(
    (name) => `@import "@mantine/core/styles/${name}.layer.css";`,
  ),
  "",
].join("\n");

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("src/ui/mantine-styles.css is out of date: run `npm run styles`");
    process.exit(1);
  }
  console.log(`Mantine styles: ${sheets.length} parts`);
} else {
  writeFileSync(target, text);
  console.log(`Mantine styles: ${sheets.length} parts written`);
}
