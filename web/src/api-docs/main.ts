// The API's documentation, drawn from the server's own OpenAPI document: no third party, no network but this server.
import "@fontsource-variable/inter/wght.css";
import "../ui/tokens.css";
import "./page.css";
import { h, markdown } from "./dom.ts";
import {
  type Call,
  callsByTag,
  fieldsOf,
  insideOf,
  type OpenApi,
  type Parameter,
  type Schema,
  typeOf,
} from "./model.ts";
import { tryIt } from "./try-it.ts";

const source = "/api/v1/openapi.json";

const stored = localStorage.getItem("mantine-color-scheme-value");
const dark =
  stored === "dark" || (stored !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.dataset.mantineColorScheme = dark ? "dark" : "light";

async function start(): Promise<void> {
  const root = document.getElementById("root");
  if (!root) return;
  try {
    const response = await fetch(source);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    draw(root, (await response.json()) as OpenApi);
  } catch (error) {
    root.replaceChildren(
      h(
        "main",
        { class: "failed", role: "alert" },
        h("h1", {}, "The documentation could not be loaded"),
        h("p", {}, error instanceof Error ? error.message : String(error)),
        h("button", { class: "button", onClick: () => void start() }, "Try again"),
      ),
    );
  }
}

function draw(root: HTMLElement, document: OpenApi): void {
  const groups = callsByTag(document);
  const filter = h("input", {
    type: "search",
    placeholder: "Filter operations",
    "aria-label": "Filter operations",
    class: "filter",
  });
  const nav = h(
    "nav",
    { class: "nav", "aria-label": "Operations" },
    h("p", { class: "brand" }, document.info.title),
    filter,
  );
  const main = h(
    "main",
    { class: "main" },
    h("h1", {}, `${document.info.title} `, h("small", {}, document.info.version)),
    document.info.description ? markdown(document.info.description) : null,
    h("p", {}, h("a", { href: source }, "openapi.json")),
  );
  for (const [tag, calls] of groups) {
    const links = calls.map((call) =>
      h(
        "a",
        {
          href: `#${call.id}`,
          class: "link",
          "data-text": `${call.method} ${call.path} ${call.operation.summary ?? ""}`.toLowerCase(),
        },
        badge(call.method),
        h("span", {}, short(call.path)),
      ),
    );
    nav.append(h("section", { class: "group" }, h("h2", {}, title(tag)), ...links));
    main.append(
      h(
        "section",
        { class: "tag" },
        h("h2", {}, title(tag)),
        ...calls.map((call) => operation(document, call)),
      ),
    );
  }
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const group of nav.querySelectorAll<HTMLElement>(".group")) {
      let shown = 0;
      for (const link of group.querySelectorAll<HTMLElement>(".link")) {
        link.hidden = !words.every((word) => link.dataset.text?.includes(word));
        if (!link.hidden) shown += 1;
      }
      group.hidden = shown === 0;
    }
  });
  root.replaceChildren(h("div", { class: "layout" }, nav, main));
  openFromAddress();
  window.addEventListener("hashchange", openFromAddress);
}

/** Opens the operation named after "#" and scrolls to it. */
function openFromAddress(): void {
  const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  if (!(target instanceof HTMLDetailsElement)) return;
  target.open = true;
  target.scrollIntoView({ block: "start" });
}

const short = (path: string) => path.replace(/^\/api\/v1/, "");
const title = (tag: string) => tag.charAt(0).toUpperCase() + tag.slice(1).replaceAll("_", " ");
const badge = (method: string) => h("span", { class: "badge", "data-method": method }, method);

function operation(document: OpenApi, call: Call): HTMLElement {
  const body = h("div", { class: "body" });
  const details = h(
    "details",
    { class: "operation", id: call.id },
    h(
      "summary",
      {},
      badge(call.method),
      h("code", { class: "path" }, call.path),
      h("span", { class: "summary" }, call.operation.summary ?? ""),
    ),
    body,
  );
  // Drawn when it is opened: a hundred operations with all their fields would be slow to build at once.
  details.addEventListener("toggle", () => {
    if (details.open && body.childElementCount === 0) fill(document, call, body);
  });
  return details;
}

function fill(document: OpenApi, call: Call, body: HTMLElement): void {
  const { operation: about } = call;
  if (about.description) body.append(markdown(about.description));
  const rights = [...new Set((about.security ?? []).flatMap((each) => Object.values(each).flat()))];
  body.append(
    h(
      "p",
      { class: "rights" },
      ...(about.security?.length === 0 || !about.security
        ? ["No login is needed."]
        : rights.length > 0
          ? ["Needs ", ...rights.map((right) => h("code", {}, right))]
          : ["Needs a login."]),
    ),
  );
  const parameters = about.parameters ?? [];
  if (parameters.length > 0) body.append(h("h3", {}, "Parameters"), parameterTable(document, parameters));
  const [type, content] = Object.entries(about.requestBody?.content ?? {})[0] ?? [];
  if (content) {
    body.append(
      h("h3", {}, "Body ", h("small", {}, type ?? "")),
      about.requestBody?.description ? markdown(about.requestBody.description) : "",
      schemaTable(document, content.schema),
    );
  }
  body.append(h("h3", {}, "Answers"));
  for (const [status, response] of Object.entries(about.responses)) {
    const [, answer] = Object.entries(response.content ?? {})[0] ?? [];
    const ok = status.startsWith("2");
    body.append(
      h(
        "div",
        { class: "answer" },
        h("span", { class: "status", "data-ok": ok }, status),
        markdown(response.description || (answer?.schema ? typeOf(document, answer.schema) : "Nothing")),
      ),
    );
    if (ok && answer?.schema) body.append(schemaTable(document, answer.schema));
  }
  body.append(tryIt(document, call));
}

function parameterTable(document: OpenApi, parameters: Parameter[]): HTMLElement {
  return table(
    parameters.map((parameter) => ({
      name: parameter.name,
      note: parameter.in === "query" ? "" : parameter.in,
      required: parameter.required === true,
      type: typeOf(document, parameter.schema),
      description: parameter.description ?? "",
      more: null,
    })),
  );
}

function schemaTable(document: OpenApi, schema: Schema | undefined, depth = 0): HTMLElement {
  const inside = insideOf(document, schema);
  const fields = inside ? fieldsOf(document, inside) : [];
  if (fields.length === 0) return h("p", { class: "plain" }, h("code", {}, typeOf(document, schema)));
  return table(
    fields.map((field) => ({
      ...field,
      note: "",
      more:
        field.inside && depth < 6 ? () => schemaTable(document, field.inside ?? undefined, depth + 1) : null,
    })),
  );
}

interface Row {
  name: string;
  note: string;
  required: boolean;
  type: string;
  description: string;
  more: (() => HTMLElement) | null;
}

function table(rows: Row[]): HTMLElement {
  return h(
    "div",
    { class: "table" },
    ...rows.map((row) => {
      const line = h(
        "div",
        { class: "row" },
        h(
          "div",
          { class: "name" },
          h("code", {}, row.name),
          row.required ? h("small", {}, "required") : null,
          row.note ? h("small", {}, row.note) : null,
        ),
        h(
          "div",
          { class: "about" },
          h("span", { class: "type" }, row.type),
          row.description ? markdown(row.description) : null,
        ),
      );
      const { more } = row;
      if (more) {
        const inner = h("details", { class: "more" }, h("summary", {}, "Fields"));
        inner.addEventListener("toggle", () => {
          if (inner.open && inner.childElementCount === 1) inner.append(more());
        });
        line.querySelector(".about")?.append(inner);
      }
      return line;
    }),
  );
}

void start();
