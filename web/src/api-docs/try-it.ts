// Sends an operation as the person who is signed in, and shows the answer.
import { h } from "./dom.ts";
import { type Call, example, type OpenApi } from "./model.ts";

export function tryIt(document: OpenApi, call: Call): HTMLElement {
  const parameters = (call.operation.parameters ?? []).filter(
    (each) => each.in === "path" || each.in === "query",
  );
  const inputs = new Map(
    parameters.map((each) => [
      each,
      h("input", { "aria-label": each.name, placeholder: each.required ? "required" : "", class: "input" }),
    ]),
  );
  const schema = call.operation.requestBody?.content["application/json"]?.schema;
  const body = schema
    ? h("textarea", { class: "input", rows: "8", "aria-label": "Body", spellcheck: "false" })
    : null;
  if (body) body.value = JSON.stringify(example(document, schema), null, 2);
  const output = h("pre", { class: "output", hidden: true, tabindex: "0", "aria-label": "Answer" });
  const button = h("button", { class: "button", type: "submit" }, "Send");

  const send = async () => {
    let path = call.path;
    const query = new URLSearchParams();
    for (const [parameter, input] of inputs) {
      const value = input.value.trim();
      if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
      else if (value) query.set(parameter.name, value);
    }
    const address = query.size > 0 ? `${path}?${query}` : path;
    button.disabled = true;
    const started = performance.now();
    try {
      const response = await fetch(address, {
        method: call.method,
        headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) },
        body: body?.value,
      });
      const text = await response.text();
      const took = Math.round(performance.now() - started);
      output.textContent = `${response.status} ${response.statusText}, ${took} ms\n\n${pretty(text)}`;
    } catch (error) {
      output.textContent = error instanceof Error ? error.message : String(error);
    }
    output.hidden = false;
    button.disabled = false;
  };

  const form = h(
    "form",
    { class: "form" },
    ...[...inputs].map(([parameter, input]) =>
      h("label", { class: "field" }, h("span", {}, parameter.name), input),
    ),
    body ? h("label", { class: "field" }, h("span", {}, "body"), body) : null,
    h("div", {}, button),
    output,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  return h("details", { class: "try" }, h("summary", {}, "Try it as you are signed in"), form);
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
