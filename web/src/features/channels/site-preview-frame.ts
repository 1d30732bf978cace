// The inside of the preview: an empty page with the widget, whose requests are answered here.
// Invariant: nothing the preview does reaches the server or the storage of this origin.

interface Labels {
  page: string;
  answer: string;
}

type FrameWindow = Window & typeof globalThis & { Otklik?: (command: string, ...rest: unknown[]) => unknown };

/** Starts the widget anew; answers how to stop it. */
export function startPreview(
  frame: HTMLIFrameElement,
  config: Record<string, unknown>,
  labels: Labels,
  onFail: () => void,
): () => void {
  const begin = () => {
    const inside = frame.contentWindow as FrameWindow | null;
    const page = frame.contentDocument;
    if (!inside || !page) return;
    isolate(inside, config, labels);
    page.documentElement.lang = document.documentElement.lang;
    drawPage(page, labels.page);
    const script = page.createElement("script");
    script.src = "/widget.js";
    script.dataset.key = "preview";
    script.onerror = onFail;
    script.onload = () => openSoon(inside);
    page.body.append(script);
  };
  // A frame that is loaded again is empty again.
  frame.addEventListener("load", begin, { once: true });
  frame.src = "about:blank";
  return () => frame.removeEventListener("load", begin);
}

/** The widget takes commands before it is ready and runs them then. */
function openSoon(inside: FrameWindow): void {
  inside.Otklik?.("open");
}

function drawPage(page: Document, title: string): void {
  const bar = (width: string) => `<i style="width:${width}"></i>`;
  page.body.innerHTML = `<style>
    html { background: #fff; color: #1b1c22; font: 14px/20px system-ui, sans-serif; }
    body { margin: 0; padding: 28px; }
    h1 { margin: 0 0 16px; font-size: 18px; color: #666977; }
    i { display: block; height: 10px; margin: 10px 0; border-radius: 5px; background: #ececf1; }
  </style><h1></h1>${bar("92%")}${bar("78%")}${bar("86%")}${bar("40%")}<br>${bar("88%")}${bar("64%")}`;
  const heading = page.querySelector("h1");
  if (heading) heading.textContent = title;
}

function isolate(inside: FrameWindow, config: Record<string, unknown>, labels: Labels): void {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    clear: () => kept.clear(),
    key: (index: number) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size;
    },
  };
  for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(inside, name, { value: storage, configurable: true });
  const answer = (body: unknown, status = 200) =>
    Promise.resolve(
      new inside.Response(status === 204 ? null : JSON.stringify(body), {
        status,
        headers: { "content-type": "application/json" },
      }),
    );
  const said: unknown[] = [];
  inside.fetch = (input, init) => {
    const path = new URL(String(input), window.location.origin).pathname;
    const method = init?.method ?? "GET";
    if (path.endsWith("/config")) return answer(config);
    if (path.endsWith("/visitors"))
      return answer({ visitor_token: "preview", visitor: { id: "preview", known: false }, unread: 0 });
    if (path.endsWith("/messages") && method === "GET")
      return answer({ items: said, next: null, conversation: null });
    if (path.endsWith("/messages")) {
      const given = JSON.parse(String(init?.body ?? "{}")) as { client_id?: string; text?: string };
      const message = {
        id: crypto.randomUUID(),
        client_id: given.client_id,
        from: "visitor",
        author: null,
        text: given.text ?? "",
        html: null,
        created_at: new Date().toISOString(),
        deleted: false,
        attachments: [],
        state: "read",
      };
      said.push(message, {
        id: crypto.randomUUID(),
        from: "operator",
        author: { name: "Анна", avatar_color: 3 },
        text: labels.answer,
        html: null,
        created_at: new Date(Date.now() + 1000).toISOString(),
        deleted: false,
        attachments: [],
      });
      return answer(message, 201);
    }
    return answer(undefined, 204);
  };
  // There is nobody to hear from.
  class Silent extends EventTarget {
    readyState = 1;
    onopen: (() => void) | null = null;
    onmessage: (() => void) | null = null;
    onclose: (() => void) | null = null;
    constructor() {
      super();
      setTimeout(() => this.onopen?.());
    }
    send(): void {}
    close(): void {}
  }
  Object.defineProperty(inside, "WebSocket", { value: Silent, configurable: true });
}
