// Otklik's service worker. It keeps one thing only: the page that says there is no connection. Nothing of the API is ever
// kept, and pages come from the network as long as there is one.
const store = "otklik-offline-1";
const offline = "/offline.html";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(store)
      .then((cache) => cache.addAll([new Request(offline, { cache: "reload" }), "/favicon.svg"]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== store).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { pathname, origin } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(offline).then((page) => page ?? Response.error())));
  } else if (pathname === "/favicon.svg") {
    event.respondWith(fetch(request).catch(() => caches.match(pathname).then((icon) => icon ?? Response.error())));
  }
});

self.addEventListener("push", (event) => {
  const told = event.data?.json();
  if (told) event.waitUntil(show(told));
});

async function show(told) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  // Whoever looks at Otklik hears of it there.
  if (told.kind !== "trial" && pages.some((page) => page.focused)) return;
  await self.registration.showNotification(told.title, {
    body: told.body,
    tag: told.id,
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    data: { path: told.path },
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path ?? "/"));
});

async function open(path) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((each) => each.focused) ?? pages[0];
  if (!page) return self.clients.openWindow(path);
  await page.focus();
  // The application goes there itself, without loading anew.
  page.postMessage({ type: "open", path });
}
