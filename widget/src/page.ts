// Where the visitor is and what brought them here.

import type { Shelf } from "./storage.ts";
import type { Page } from "./types.ts";

/** The zone of the visitor's clock, as `Europe/Moscow`. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const MARKS = ["source", "medium", "campaign", "content", "term"];

/** `utm_*` marks of an address, by their short names. */
export function utmOf(url: string): Record<string, string> {
  const found: Record<string, string> = {};
  try {
    const query = new URL(url).searchParams;
    for (const mark of MARKS) {
      const value = query.get(`utm_${mark}`)?.trim().slice(0, 200);
      if (value) found[mark] = value;
    }
  } catch {}
  return found;
}

interface Arrival {
  referrer: string;
  utm: Record<string, string>;
  at: number;
}

/** What brought the visitor: kept for the visit, because the marks are only in the first address. A new advertisement begins anew. */
export function arrival(visit: Shelf, url: string, referrer: string, now: number): Arrival {
  const known = visit.get<Arrival>("arrival");
  const utm = utmOf(url);
  if (known && Object.keys(utm).length === 0) return known;
  const fresh = { referrer: known?.referrer ?? referrer, utm, at: known?.at ?? now };
  visit.set("arrival", fresh);
  return fresh;
}

/** `own`: what the site said of its page by `Otklik('page', ...)`. */
export function currentPage(brought: Arrival, own: Partial<Page>): Page {
  return {
    url: (own.url ?? location.href).slice(0, 2000),
    title: (own.title ?? document.title).slice(0, 500),
    referrer: brought.referrer.slice(0, 2000),
    utm: brought.utm,
  };
}
