// Where the widget starts: `<script async src="https://host/widget.js" data-key="KEY"></script>`.

import { h, render } from "preact";
import { Api, Refusal } from "./api.ts";
import { Chat } from "./chat.ts";
import { type Command, commands, type Listener } from "./commands.ts";
import { configured } from "./config.ts";
import { delay } from "./outbox.ts";
import { ownZone } from "./page.ts";
import { Shell } from "./shell.ts";
import { chooseLanguage, translator } from "./texts.ts";
import type { Config } from "./types.ts";
import { App } from "./ui/app.tsx";
import { Context } from "./ui/context.ts";
import css from "./ui/styles.css?inline";

const script =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>("script[data-key][src*='widget.js']");

/** The API of one widget, beside the script that the site loads. */
function apiBase(source: string, key: string): string {
  return new URL(`api/v1/site/${encodeURIComponent(key)}`, source).href;
}

/** Times in the configuration are told by the visitor's clock. */
const configPath = () => `/config?time_zone=${encodeURIComponent(ownZone())}`;

async function loadConfig(api: Api): Promise<Config | null> {
  for (let tries = 1; ; tries++) {
    try {
      return configured(await api.get<Partial<Config>>(configPath()));
    } catch (error) {
      if (!(error instanceof Refusal) || !error.passes) {
        console.warn(`Otklik: ${error instanceof Error ? error.message : error}`);
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, delay(tries, Math.random())));
    }
  }
}

function bodyReady(): Promise<void> {
  if (document.body) return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("DOMContentLoaded", () => resolve()));
}

/** A closed place of our own on the page: its styles and ours do not meet. A constructed sheet needs no permission of a CSP. */
function place(): { host: HTMLElement; root: ShadowRoot } {
  const host = document.createElement("div");
  host.id = "otklik-widget";
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  document.body.append(host);
  // A site that builds its pages in the browser may throw away everything in the body.
  setInterval(() => host.isConnected || document.body.append(host), 1000);
  return { host, root };
}

async function start(source: string, key: string, attributes: DOMStringMap): Promise<void> {
  const asked = () => chooseLanguage(attributes.lang, document.documentElement.lang, navigator.language);
  const api = new Api(apiBase(source, key), asked);
  const receive = commands();
  const config = await loadConfig(api);
  if (!config) return;
  await bodyReady();

  const language = chooseLanguage(
    attributes.lang,
    config.locale,
    document.documentElement.lang,
    navigator.language,
  );
  const t = translator(language, config.texts);
  const listeners = new Map<string, Set<Listener>>();
  const tell = (event: string, detail?: unknown) => {
    for (const listener of listeners.get(event) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        console.error(error);
      }
    }
  };
  const chat = new Chat(
    api,
    key,
    config,
    (event, detail) => {
      tell(event, detail);
      if (event === "message") announce(detail as { text: string; author?: null });
    },
    { newMessage: () => t("new_message") },
  );
  const shell = new Shell(chat, (open) => {
    tell(open ? "open" : "close");
    if (open) void refresh();
  });
  let loaded = Date.now();
  /** On a page that stays open for hours the working hours begin and end. */
  const refresh = async () => {
    if (Date.now() - loaded < 300_000) return;
    loaded = Date.now();
    const config = await api.get<Partial<Config>>(configPath()).catch(() => null);
    if (config) chat.set({ config: configured(config) });
  };
  const announce = ({ text, author }: { text: string; author?: null }) => {
    if (text) shell.invite({ text, author });
  };

  const { root } = place();
  const surroundings = { chat, shell, language, t, host: source };
  render(h(Context.Provider, { value: surroundings }, h(App, { theme: attributes.theme ?? "light" })), root);

  const run: Command = {
    open: (where) => shell.open(where === "mail" || where === "chat" || where === "home" ? where : null),
    close: () => shell.close(),
    identify: (user) =>
      chat.identify(user).catch((error: Error) => {
        console.warn(`Otklik: identify: ${error.message}`);
        tell("error", { command: "identify", message: error.message });
      }),
    page: (page) => chat.turnPage(page ?? {}),
    logout: () => {
      shell.close();
      chat.forget();
    },
    on: (event, listener) => listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)),
  };
  receive(run);
  await chat.resume();
  tell("ready");
}

// Twice on a page is once: a tag manager and a template often both have it.
if (script?.dataset.key && !document.getElementById("otklik-widget") && !window.Otklik?.loaded) {
  void start(script.src, script.dataset.key, script.dataset);
}
