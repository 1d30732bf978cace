// What the simple editor of signatures can hold without losing anything.

const simpleTags = new Set(["p", "br", "b", "strong", "i", "em", "u", "s", "del", "a", "ul", "ol", "li"]);

/** False when the HTML has tags or attributes that the editor would drop. */
export function fitsEditor(html: string): boolean {
  for (const [, name, attributes] of html.matchAll(/<\/?([a-z][a-z0-9]*)\b([^>]*)>/gi)) {
    if (!simpleTags.has((name ?? "").toLowerCase())) return false;
    if (/\b(style|class|color|align)\s*=/i.test(attributes ?? "")) return false;
  }
  return true;
}

/** What was typed as a link, made whole: "site.ru" -> "https://site.ru", "a@b.ru" -> "mailto:a@b.ru"; empty for none or for one that is no link. */
export function linkAddress(typed: string): string {
  const text = typed.trim();
  if (text === "") return "";
  if (/^(https?|mailto|tel):/i.test(text)) return text;
  if (/^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^:/]+:\d+(\/|$)/.test(text)) return "";
  return text.includes("@") && !text.includes("/") ? `mailto:${text}` : `https://${text}`;
}
