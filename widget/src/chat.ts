// The conversation as this tab knows it, and everything that changes it. The interface only shows `state` and calls methods.
// Invariant: what the visitor sent is either in `messages` (the server has it) or in `outbox` (stored, and sent again until it has).

import { chime, TitleBlink } from "./alert.ts";
import { type Api, Refusal } from "./api.ts";
import { type Connection, Live } from "./live.ts";
import { catchUp, lastIncoming, markRead, merge } from "./merge.ts";
import { delay, next, type Pending, refuse, retry, unconfirmed, without } from "./outbox.ts";
import { arrival, currentPage, ownZone } from "./page.ts";
import { type Shelf, shelf } from "./storage.ts";
import { Store } from "./store.ts";
import { type TabNews, Tabs } from "./tabs.ts";
import type {
  Attachment,
  Config,
  Conversation,
  Frame,
  Message,
  MessagePage,
  Page,
  Session,
  SignedUser,
  Visitor,
} from "./types.ts";

export interface State {
  config: Config;
  visitor: Visitor | null;
  conversation: Conversation | null;
  messages: Message[];
  /** `failed` only while there is nothing to show. */
  history: "none" | "loading" | "ready" | "failed";
  /** Where earlier messages begin; null: there are none. */
  older: string | null;
  outbox: Pending[];
  unread: number;
  connection: Connection;
  /** The last try to send got no answer. */
  unreachable: boolean;
  typing: { name: string } | null;
  rating: "none" | "asked" | "done";
  consented: boolean;
  sound: boolean;
  /** The mail address that answers also go to. */
  email: string;
}

export type Happening = "message" | "sent" | "unread" | "rated" | "error";

export class Chat extends Store<State> {
  readonly kept: Shelf;
  readonly visit: Shelf;
  readonly #tabs: Tabs;
  readonly #live: Live;
  readonly #blink = new TitleBlink();
  #user: SignedUser | undefined;
  #ownPage: Partial<Page> = {};
  #looking = false;
  #flushing = false;
  #tries = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #typedAt = 0;
  #cursor: string | undefined;
  #reading: Promise<void> | null = null;

  readonly #happened: (what: Happening, detail: unknown) => void;
  readonly #words: { newMessage: () => string };

  constructor(
    readonly api: Api,
    key: string,
    config: Config,
    happened: (what: Happening, detail: unknown) => void,
    words: { newMessage: () => string },
  ) {
    const kept = shelf("localStorage", key);
    super({
      config,
      visitor: null,
      conversation: null,
      messages: [],
      history: "none",
      older: null,
      outbox: kept.get<Pending[]>("outbox") ?? [],
      unread: 0,
      connection: "off",
      unreachable: false,
      typing: null,
      rating: "none",
      consented: kept.get<boolean>("consented") ?? false,
      sound: kept.get<boolean>("sound") ?? true,
      email: "",
    });
    this.#happened = happened;
    this.#words = words;
    this.kept = kept;
    this.visit = shelf("sessionStorage", key);
    this.#tabs = new Tabs(`otklik:${key}`, (news) => this.#hear(news));
    this.#live = new Live({
      address: () => {
        const query = new URLSearchParams({ token: api.token ?? "" });
        if (this.#cursor) query.set("after", this.#cursor);
        return `${api.base.replace(/^http/, "ws")}/live?${query}`;
      },
      frame: (frame) => this.#take(frame),
      opened: () => {
        this.#sendPage();
        void this.#readAfresh();
        void this.flush();
      },
      changed: (connection) => this.set({ connection }),
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#blink.stop();
      this.#noticeSeen();
    });
  }

  override set(change: Partial<State>): void {
    const { unread } = this.state;
    super.set(change);
    if (this.state.unread !== unread) this.#happened("unread", this.state.unread);
  }

  // Who the visitor is.

  /** Goes on with what an earlier page began; a new visitor costs the server nothing until they do something. */
  async resume(): Promise<void> {
    if (!this.kept.get("token") && this.state.outbox.length === 0) return;
    try {
      await this.session();
    } catch {
      this.#later(() => this.resume());
      return;
    }
    void this.flush();
  }

  /** A user the site vouches for. Their history comes with them; what an anonymous visitor wrote before joins it on the server. */
  async identify(user: SignedUser): Promise<void> {
    this.#user = user;
    const before = this.api.token;
    try {
      await this.session(true);
    } catch (error) {
      if (error instanceof Refusal && error.passes) {
        this.#later(() => this.identify(user));
        return;
      }
      this.#user = undefined;
      throw error;
    }
    if (this.api.token !== before) this.#tabs.tell({ type: "session" });
    void this.flush();
  }

  /** Forgets the visitor on this device, for a site whose user signs out. */
  forget(): void {
    this.#live.stop();
    clearTimeout(this.#retryTimer);
    this.#user = undefined;
    this.api.token = null;
    this.#cursor = undefined;
    for (const name of ["token", "outbox", "consented"]) this.kept.remove(name);
    for (const name of ["draft", "open"]) this.visit.remove(name);
    this.set({
      visitor: null,
      conversation: null,
      messages: [],
      history: "none",
      older: null,
      outbox: [],
      unread: 0,
      rating: "none",
      typing: null,
      consented: false,
      email: "",
    });
  }

  /** Makes sure the server knows this visitor. `anew` asks even when it already does. */
  session(anew = false): Promise<void> {
    if (this.api.token && !anew) return Promise.resolve();
    // In one tab at a time: two tabs of a new visitor must not become two people.
    return this.#tabs.alone("session", () => this.#openSession(anew)) as Promise<void>;
  }

  async #openSession(anew: boolean): Promise<void> {
    if (this.api.token && !anew) return;
    const session = await this.api.post<Session>("/visitors", {
      visitor_token: this.kept.get<string>("token") ?? undefined,
      user: this.#user,
      page: this.page(),
      locale: navigator.language,
      time_zone: ownZone(),
    });
    const other = this.state.visitor !== null && this.state.visitor.id !== session.visitor.id;
    this.api.token = session.visitor_token;
    this.kept.set("token", session.visitor_token);
    this.set({
      visitor: session.visitor,
      unread: session.unread,
      email: session.visitor.email ?? "",
      ...(other ? { messages: [], older: null, history: "none" } : {}),
    });
    this.#turn(session.conversation ?? null);
    if (other) this.#live.stop();
    if (!session.conversation) return;
    this.#live.start();
    void this.read();
  }

  // What was said.

  /** The newest page of messages. After a pause this is also what shows edits, deletions and marks that were missed. */
  read(): Promise<void> {
    this.#reading ??= this.#readPage().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /** A page on its way may be older than the socket: what was said between the two would be missed. */
  async #readAfresh(): Promise<void> {
    await this.#reading;
    await this.read();
  }

  async #readPage(): Promise<void> {
    if (this.state.history === "none" || this.state.history === "failed") this.set({ history: "loading" });
    try {
      const first = this.state.history === "loading";
      const page = await this.api.get<MessagePage>("/messages");
      const messages = catchUp(this.state.messages, page.items);
      const touches = messages.length > page.items.length;
      this.#receive(messages, first);
      this.set({ history: "ready", older: touches ? this.state.older : (page.next ?? null) });
      this.#turn(page.conversation ?? null);
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this.api.token = null;
      if (this.state.history === "loading") this.set({ history: "failed" });
    }
  }

  /** Again after it failed: also when it was the visitor that could not be opened. */
  async readAgain(): Promise<void> {
    await this.session().catch(() => {});
    await this.read();
  }

  async readOlder(): Promise<void> {
    const { older } = this.state;
    if (!older) return;
    const page = await this.api.get<MessagePage>(`/messages?before=${encodeURIComponent(older)}`);
    this.set({ messages: merge(this.state.messages, page.items), older: page.next ?? null });
  }

  #take(frame: Frame): void {
    if (frame.cursor) this.#cursor = frame.cursor;
    switch (frame.type) {
      case "reset":
        void this.read();
        break;
      case "withdrawn":
        this.set({ messages: this.state.messages.filter(({ id }) => id !== frame.id) });
        break;
      case "message":
        this.#receive(merge(this.state.messages, [frame.message]), false);
        if (frame.message.from === "operator") this.set({ typing: null });
        break;
      case "typing":
        clearTimeout(this.#typingTimer);
        this.set({ typing: { name: frame.name ?? "" } });
        this.#typingTimer = setTimeout(() => this.set({ typing: null }), 6000);
        break;
      case "read":
        this.set({ messages: markRead(this.state.messages, frame.up_to) });
        break;
      case "conversation": {
        const { conversation } = this.state;
        const { status, ask_rating, marks } = frame;
        this.#turn({ id: frame.id ?? conversation?.id ?? "", status, ask_rating, marks });
        if (!conversation) void this.read();
      }
    }
  }

  /** Takes a new list of messages; `first`: history, nothing of which is news. */
  #receive(messages: Message[], first: boolean): void {
    const known = new Set(this.state.messages.map(({ id }) => id));
    const last = this.state.messages[this.state.messages.length - 1];
    const news = messages.filter(
      (message) =>
        !known.has(message.id) &&
        message.from !== "visitor" &&
        (!last || Date.parse(message.created_at) >= Date.parse(last.created_at)),
    );
    this.set({ messages });
    this.#keep(unconfirmed(this.#outbox(), messages));
    if (!first && news.length > 0) this.#announce(news);
    this.#noticeSeen();
  }

  #announce(news: Message[]): void {
    const newest = news[news.length - 1] as Message;
    this.set({ unread: this.state.unread + news.length });
    this.#happened("message", newest);
    if (this.#isSeen()) return;
    this.#blink.start(this.#words.newMessage());
    if (this.state.sound && this.state.config.sound) void this.#tabs.once(newest.id, chime);
  }

  /** The interface says whether the newest messages are on the screen. */
  look(looking: boolean): void {
    this.#looking = looking;
    this.#noticeSeen();
  }

  #isSeen(): boolean {
    return this.#looking && document.visibilityState === "visible";
  }

  #noticeSeen(): void {
    const last = lastIncoming(this.state.messages);
    if (!this.#isSeen() || !last || this.state.unread === 0) return;
    this.set({ unread: 0 });
    this.#tabs.tell({ type: "seen" });
    const up_to = last.id;
    if (!this.#live.send({ type: "read", up_to })) void this.api.post("/read", { up_to }).catch(() => {});
  }

  #turn(conversation: Conversation | null): void {
    const { config, rating } = this.state;
    const wanted = conversation?.ask_rating ?? isOver(conversation);
    const asked = wanted && config.ask_rating && this.kept.get("rated") !== conversation?.id;
    this.set({
      conversation,
      rating: asked ? "asked" : rating === "done" && isOver(conversation) ? "done" : "none",
    });
  }

  // What the visitor says.

  send(text: string, more: Pick<Partial<Pending>, "files" | "fields" | "pressed"> = {}): void {
    const pending: Pending = {
      client_id: uuid(),
      text: text.trim(),
      files: [],
      ...more,
      page: this.page(),
      created_at: new Date().toISOString(),
    };
    this.#keep([...this.#outbox(), pending]);
    if (more.fields?.email) this.set({ email: more.fields.email });
    this.#happened("sent", { text: pending.text });
    void this.flush();
  }

  retry(clientId: string): void {
    this.#keep(retry(this.#outbox(), clientId, new Date().toISOString()));
    void this.flush();
  }

  drop(clientId: string): void {
    this.#keep(without(this.#outbox(), clientId));
  }

  /** What is stored goes before what this tab remembers: another tab may have added to it. */
  #outbox(): Pending[] {
    return this.kept.get<Pending[]>("outbox") ?? [];
  }

  #keep(outbox: Pending[]): void {
    if (outbox.length === 0) this.kept.remove("outbox");
    else this.kept.set("outbox", outbox);
    if (outbox.length === 0 && this.state.outbox.length === 0) return;
    this.set({ outbox });
    this.#tabs.tell({ type: "outbox" });
  }

  /** Sends what waits, oldest first, one at a time, so that the order stays. */
  async flush(): Promise<void> {
    if (this.#flushing || !next(this.#outbox())) return;
    this.#flushing = true;
    clearTimeout(this.#retryTimer);
    try {
      await this.#tabs.alone("outbox", async () => {
        for (let pending = next(this.#outbox()); pending; pending = next(this.#outbox())) {
          if (!(await this.#sendOne(pending))) return;
        }
      });
    } finally {
      this.#flushing = false;
    }
  }

  /** False: not now, a later try is set. */
  async #sendOne(pending: Pending, renewed = false): Promise<boolean> {
    const { client_id, text, files, fields, pressed, page } = pending;
    try {
      await this.session();
      const file_ids = files.map((file) => file.id);
      const body = { client_id, text, file_ids, fields, pressed, consent: this.state.consented, page };
      const message = await this.api.post<Message>("/messages", body);
      this.#tries = 0;
      const confirmed = { ...message, client_id };
      this.set({ unreachable: false, history: this.state.history === "none" ? "ready" : this.state.history });
      this.#receive(merge(this.state.messages, [confirmed]), false);
      this.#keep(without(this.#outbox(), client_id));
      this.#tabs.tell({ type: "messages", messages: [confirmed] });
      this.#live.start();
      if (!this.state.conversation || isOver(this.state.conversation)) void this.read();
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401 && !renewed) {
        this.api.token = null;
        return this.#sendOne(pending, true);
      }
      if (!error.passes) {
        this.#keep(refuse(this.#outbox(), client_id, error.message));
        return true;
      }
      this.set({ unreachable: error.status === 0 });
      this.#later(() => this.flush(), error.wait);
      return false;
    }
  }

  #later(work: () => unknown, seconds = 0): void {
    this.#tries++;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(work, Math.max(seconds * 1000, delay(this.#tries, Math.random())));
  }

  canChange(message: Message): boolean {
    const age = Date.now() - Date.parse(message.created_at);
    return message.from === "visitor" && !message.deleted && age < this.state.config.edit_minutes * 60_000;
  }

  async edit(message: Message, text: string): Promise<void> {
    const edited = await this.api.patch<Message>(`/messages/${message.id}`, { text: text.trim() });
    this.#share({ ...message, ...edited });
  }

  async remove(message: Message): Promise<void> {
    await this.api.delete(`/messages/${message.id}`);
    this.#share({ ...message, deleted: true, text: "", html: "", attachments: [] });
  }

  #share(message: Message): void {
    this.#receive(merge(this.state.messages, [message]), false);
    this.#tabs.tell({ type: "messages", messages: [message] });
  }

  async upload(file: File, progress: (share: number) => void, signal: AbortSignal): Promise<Attachment> {
    await this.session();
    return this.api.upload(file, progress, signal);
  }

  /** At most once in three seconds, however fast they type. */
  type(): void {
    const now = Date.now();
    if (now - this.#typedAt > 3000 && this.#live.send({ type: "typing" })) this.#typedAt = now;
  }

  consent(): void {
    this.kept.set("consented", true);
    this.set({ consented: true });
  }

  async rate(stars: number, comment: string): Promise<void> {
    await this.api.post("/rating", { stars, comment });
    this.finishRating("done");
    this.#happened("rated", { stars, comment });
  }

  finishRating(rating: "none" | "done"): void {
    const { conversation } = this.state;
    if (conversation) this.kept.set("rated", conversation.id);
    this.set({ rating });
  }

  async leaveEmail(email: string): Promise<void> {
    await this.api.post("/email", { email });
    this.set({ email });
  }

  async finish(): Promise<void> {
    await this.api.post("/close", {});
    await this.read();
  }

  turnSound(on: boolean): void {
    this.kept.set("sound", on);
    this.set({ sound: on });
    this.#tabs.tell({ type: "sound", on });
  }

  // Where the visitor is.

  page(): Page {
    return currentPage(arrival(this.visit, location.href, document.referrer, Date.now()), this.#ownPage);
  }

  siteSeconds(): number {
    return (Date.now() - arrival(this.visit, location.href, document.referrer, Date.now()).at) / 1000;
  }

  /** The page has changed; `own`: what the site says of it, instead of what the browser does. */
  turnPage(own: Partial<Page> = {}): void {
    this.#ownPage = own;
    this.#sendPage();
  }

  #sendPage(): void {
    this.#live.send({ type: "page", ...this.page() });
  }

  #hear(news: TabNews): void {
    switch (news.type) {
      case "outbox":
        this.set({ outbox: this.#outbox() });
        break;
      case "messages":
        this.#receive(merge(this.state.messages, news.messages), false);
        // The other tab may have made this visitor and this conversation.
        if (this.#live.state === "off") void this.session(true).catch(() => {});
        break;
      case "seen":
        this.set({ unread: 0 });
        this.#blink.stop();
        break;
      case "sound":
        this.set({ sound: news.on });
        break;
      case "session":
        this.api.token = null;
        void this.resume();
    }
  }
}

export function isOver(conversation: Conversation | null): boolean {
  return conversation?.status === "closed";
}

function uuid(): string {
  // Not there on a page without TLS.
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 15) | 64;
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
