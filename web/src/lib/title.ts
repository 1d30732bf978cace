// The browser tab: "(3) Page, Otklik". The counter is what waits for the person, the rest is where they are.

let page = "";
let waiting = 0;

function show(): void {
  const name = page ? `${page} · Otklik` : "Otklik";
  document.title = waiting > 0 ? `(${waiting}) ${name}` : name;
}

export function setTitle(next: string): void {
  page = next;
  show();
}

export function setWaiting(next: number): void {
  waiting = next;
  show();
}

/** The icon of the tab, with a dot while something has not been read, and the number on the application's own icon. */
export function setNews(unread: number): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = unread > 0 ? "/favicon-news.svg" : "/favicon.svg";
  if (icon && icon.getAttribute("href") !== href) icon.href = href;
  if ("setAppBadge" in navigator) void navigator.setAppBadge(unread).catch(() => undefined);
}
