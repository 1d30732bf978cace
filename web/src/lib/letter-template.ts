// Variables in the texts of letters, as the server fills them: {{client}}, {{number}}. Unknown ones stay as they are.

export type TemplateValues = Partial<
  Record<
    | "number"
    | "subject"
    | "client"
    | "client_first_name"
    | "client_company"
    | "line"
    | "company"
    | "operator"
    | "channel"
    | "date"
    | "hours"
    | "next_open",
    string
  >
>;
export type TemplateVariable = keyof TemplateValues;

const pattern = /\{\{\s*([a-z_]+)\s*\}\}/g;

export function fillTemplate(text: string, values: TemplateValues): string {
  return text.replace(pattern, (whole, name: string) => values[name as TemplateVariable] ?? whole);
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** The same in HTML: a value never becomes markup. */
export function fillHtmlTemplate(html: string, values: TemplateValues): string {
  const escaped = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, escapeHtml(value)]),
  );
  return fillTemplate(html, escaped);
}

/** Variables in the text that will not be filled: misspelt, or not known here. */
export function unknownVariables(text: string, known: readonly TemplateVariable[]): string[] {
  const found = [...text.matchAll(pattern)].map(([, name]) => name ?? "");
  return [...new Set(found)].filter((name) => !known.some((variable) => variable === name));
}
