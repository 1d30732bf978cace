// A few lines instead of a framework: elements from a name, attributes and children. Text is always text.

type Child = Node | string | null | false | undefined;
type Attributes = Record<string, string | boolean | EventListener | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2).toLowerCase(), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** The little Markdown our descriptions use: paragraphs, **bold**, `code`. */
export function markdown(text: string): HTMLElement {
  const box = h("div", { class: "prose" });
  for (const paragraph of text.trim().split(/\n\s*\n/))
    box.append(h("p", {}, ...inline(paragraph.replace(/\n/g, " "))));
  return box;
}

function inline(text: string): Child[] {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    if (part.startsWith("**")) return h("strong", {}, part.slice(2, -2));
    if (part.startsWith("`")) return h("code", {}, part.slice(1, -1));
    return part;
  });
}
