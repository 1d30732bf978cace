// An operator's words as elements. The server has cleaned them; here they pass an allow-list once more.
// Invariant: no HTML is ever set on the page. Text is read by the browser's parser into a document that is not shown and
// runs nothing, and what is allowed of it is built anew.

import { type ComponentChild, h } from "preact";

const ALLOWED = new Set("a b blockquote br code del div em i img li ol p pre s span strong u ul".split(" "));
/** Gone with everything in them. Any other unknown element loses only its own tags. */
const DROPPED = new Set(
  "base button embed form frame frameset head iframe input link math meta noscript object script select style svg template textarea title video audio".split(
    " ",
  ),
);
/** Where a link may lead. */
export const LINK = /^(https?:|mailto:|tel:)/i;

let parser: ((html: string) => Document) | null = null;

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML: (html: string) => string },
  ): { createHTML(html: string): string };
}

/** A site may demand trusted types; then its policy has to allow the name `otklik`. */
function parse(html: string): Document {
  if (!parser) {
    const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
    const policy = types?.createPolicy("otklik", { createHTML: (text) => text });
    parser = (text) => new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
  }
  return parser(html);
}

/** `host`: pictures are shown only from our own server, so that nobody learns who reads. */
export function rich(html: string, plain: string, host: string): ComponentChild {
  if (!/[<&]/.test(html)) return linked(html);
  try {
    return children(parse(html).body, host, false);
  } catch {
    return linked(plain);
  }
}

function children(node: Node, host: string, inLink: boolean): ComponentChild[] {
  return [...node.childNodes].map((child) => build(child, host, inLink));
}

function build(node: Node, host: string, inLink: boolean): ComponentChild {
  if (node.nodeType === 3) return inLink ? node.nodeValue : linked(node.nodeValue ?? "");
  if (node.nodeType !== 1) return null;
  const element = node as Element;
  const name = element.localName;
  if (DROPPED.has(name)) return null;
  if (!ALLOWED.has(name)) return children(element, host, inLink);
  if (name === "br") return h(name, null);
  if (name === "img") return picture(element, host);
  if (name !== "a") return h(name, null, ...children(element, host, inLink));
  const href = element.getAttribute("href")?.trim() ?? "";
  const inside = children(element, host, true);
  return LINK.test(href) && !inLink ? link(href, inside) : inside;
}

function picture(element: Element, host: string): ComponentChild {
  const alt = element.getAttribute("alt") ?? "";
  try {
    const source = new URL(element.getAttribute("src") ?? "", host);
    if (source.origin === new URL(host).origin) return h("img", { src: source.href, alt, loading: "lazy" });
  } catch {}
  return alt;
}

function link(href: string, inside: ComponentChild): ComponentChild {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, inside);
}

const ADDRESS = /\b(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}»'])/g;

/** Plain text with its web addresses made links. */
export function linked(text: string): ComponentChild {
  const parts = text.split(ADDRESS);
  if (parts.length === 1) return text;
  return parts.map((part, index) => (index % 2 ? link(part, part) : part));
}
