// What of the widget is on the screen: closed or open, which of its pages, and the bubble beside the button.

import type { Chat } from "./chat.ts";
import { isTime } from "./rules.ts";
import { Store } from "./store.ts";
import type { Config } from "./types.ts";

export type Place = "home" | "chat" | "mail";
export type Screen = Place | "form";

export interface Teaser {
  text: string;
  /** The operator who wrote; nobody for the site's own invitation. */
  author?: { name: string; avatar_color?: number | null } | null;
}

export interface ShellState {
  open: boolean;
  /** Where the visitor has gone; null: where it makes most sense. */
  place: Place | null;
  teaser: Teaser | null;
  /** A message was left that is answered by mail. */
  mailed: boolean;
  /** A sentence about what has just not worked. */
  notice: string;
}

export class Shell extends Store<ShellState> {
  #url = location.href;
  #pageSince = Date.now();

  readonly #chat: Chat;
  readonly #changed: (open: boolean) => void;

  constructor(chat: Chat, changed: (open: boolean) => void) {
    // On a computer the open chat stays open from page to page; on a phone it would cover the page.
    const open = chat.visit.get<boolean>("open") === true && !isSmall();
    super({ open, place: null, teaser: null, mailed: false, notice: "" });
    this.#chat = chat;
    this.#changed = changed;
    setInterval(() => this.#tick(), 1000);
  }

  open(place: Place | null = null): void {
    const before = this.state.open;
    this.set({ open: true, place: place ?? this.state.place, teaser: null });
    if (before) return;
    this.#chat.visit.set("open", true);
    this.#changed(true);
  }

  close(): void {
    if (!this.state.open) return;
    this.set({ open: false });
    this.#chat.visit.remove("open");
    // Who has closed it has said no for this visit.
    this.#chat.visit.set("invited", true);
    this.#changed(false);
  }

  invite(teaser: Teaser): void {
    if (!this.state.open) this.set({ teaser });
  }

  dismiss(): void {
    this.set({ teaser: null });
    this.#chat.visit.set("invited", true);
  }

  #tick(): void {
    if (location.href !== this.#url) {
      this.#url = location.href;
      this.#pageSince = Date.now();
      this.#chat.turnPage();
    }
    this.#maybeOpen(this.#chat.state.config);
  }

  /** Once a visit, and never over a conversation that has begun. */
  #maybeOpen({ auto_open, online, offline }: Config): void {
    if (!auto_open || this.state.open || this.#chat.visit.get("invited") || isBegun(this.#chat)) return;
    if (!online && offline.mode === "hide") return;
    const pageSeconds = (Date.now() - this.#pageSince) / 1000;
    if (!isTime(auto_open, { url: location.href, pageSeconds, siteSeconds: this.#chat.siteSeconds() }))
      return;
    this.#chat.visit.set("invited", true);
    if (auto_open.action === "message") this.invite({ text: auto_open.message });
    else this.open(auto_open.action === "form" ? "mail" : null);
  }
}

export function isBegun({ state }: Chat): boolean {
  return state.messages.length > 0 || state.outbox.length > 0 || state.conversation !== null;
}

/** A phone held in the hand: the same bound as in the style sheet. */
export function isSmall(): boolean {
  return matchMedia("(max-width: 480px), (max-height: 420px)").matches;
}

/** The page to show. Nobody gets to write before the fields and the consent that the site asks for. */
export function screenOf(chat: Chat, place: Place | null): Screen {
  const { config, consented, visitor } = chat.state;
  const begun = isBegun(chat);
  if (place === "home" || (!place && !begun && config.chooser.length > 0)) return "home";
  if (place === "mail") return "mail";
  // Who wrote before the site asked for consent is asked now.
  const owesConsent = config.consent && !consented;
  if (begun && (visitor?.known || !owesConsent)) return "chat";
  if (!config.online && config.offline.mode === "form") return "mail";
  const asks = config.fields.length > 0 && !visitor?.known;
  return asks || owesConsent ? "form" : "chat";
}
