// When the chat opens by itself.

import type { AutoOpen, Rule } from "./types.ts";

/** Where the visitor is and for how long. */
export interface Moment {
  url: string;
  pageSeconds: number;
  siteSeconds: number;
}

export function holds(rule: Rule, moment: Moment): boolean {
  const value = String(rule.value).trim();
  switch (rule.kind) {
    case "url_equals":
      return sameAddress(value, moment.url);
    case "url_contains":
      return value !== "" && readable(moment.url).includes(readable(value).toLowerCase());
    case "page_seconds":
      return moment.pageSeconds >= Number(value);
    case "site_seconds":
      return moment.siteSeconds >= Number(value);
    default:
      return false;
  }
}

/** Without rules nothing opens by itself. */
export function isTime(autoOpen: AutoOpen | null | undefined, moment: Moment): boolean {
  if (!autoOpen || autoOpen.rules.length === 0) return false;
  const one = (rule: Rule) => holds(rule, moment);
  return autoOpen.mode === "every" ? autoOpen.rules.every(one) : autoOpen.rules.some(one);
}

/** An address as people write it: letters in place of percent codes. */
function readable(url: string): string {
  try {
    return decodeURI(url).toLowerCase();
  } catch {
    return url.toLowerCase();
  }
}

/**
 * A rule names a whole address, a host with a path, or a path. What comes after `?` and `#` counts only when the rule
 * names it, and a slash at the end never does.
 */
function sameAddress(rule: string, url: string): boolean {
  if (rule === "") return false;
  let page: URL;
  let wanted: URL;
  try {
    page = new URL(url);
    if (/^[a-z]+:\/\//i.test(rule)) wanted = new URL(rule);
    else if (rule.startsWith("/")) wanted = new URL(rule, page.origin);
    else wanted = new URL(`${page.protocol}//${rule}`);
  } catch {
    return false;
  }
  const path = (address: URL) => readable(address.pathname).replace(/\/+$/, "");
  return (
    wanted.host === page.host &&
    path(wanted) === path(page) &&
    (wanted.search === "" || wanted.search === page.search) &&
    (wanted.hash === "" || wanted.hash === page.hash)
  );
}
