// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Api } from "./api.ts";
import { Chat, type Happening } from "./chat.ts";
import { configured } from "./config.ts";
import type { Config, Frame, Message } from "./types.ts";

/** A server as the visitor API describes it, whose network breaks when a test says so. */
class Server {
  messages: Message[] = [];
  /** Every request to keep a message, also those whose answer was lost. */
  posts: string[] = [];
  sockets: FakeSocket[] = [];
  visitors = 0;
  down = false;
  loseAnswers = 0;
  /** How long a page of messages is on its way, in milliseconds. */
  slow = 0;
  refuse = "";
  expired = false;
  conversation: { id: string; status: string; ask_rating?: boolean } | null = null;
  said: string[] = [];

  fetch = async (address: string, { method, body, headers }: RequestInit): Promise<Response> => {
    if (this.down) throw new TypeError("network");
    const path = new URL(address).pathname.replace("/api/v1/site/KEY", "");
    const data = body ? JSON.parse(String(body)) : {};
    if (path === "/visitors") {
      this.expired = false;
      if (!data.visitor_token) this.visitors++;
      const visitor = { id: "v", known: false };
      return answer(200, { visitor_token: "token", visitor, conversation: this.conversation, unread: 0 });
    }
    if (this.expired || (headers as Record<string, string>).authorization !== "Bearer token")
      return answer(401, {});
    this.said.push(`${method} ${path}`);
    if (path === "/messages" && method === "GET") {
      const page = { items: this.messages.slice(-30), next: null, conversation: this.conversation };
      if (this.slow) await new Promise((resolve) => setTimeout(resolve, this.slow));
      return answer(200, page);
    }
    if (path === "/messages") {
      this.posts.push(data.client_id);
      if (this.refuse && data.text === "плохое") return answer(422, { detail: this.refuse });
      let message = this.messages.find(({ client_id }) => client_id === data.client_id);
      if (!message) {
        this.conversation ??= { id: "c", status: "open" };
        message = this.add("visitor", data.text, data.client_id);
        this.tell({ type: "message", message, cursor: message.id });
      }
      if (this.loseAnswers-- > 0) throw new TypeError("network");
      return answer(201, message);
    }
    return answer(200, {});
  };

  add(from: Message["from"], text: string, client_id?: string): Message {
    const id = String(this.messages.length + 1).padStart(4, "0");
    const created_at = new Date(Date.now() + this.messages.length).toISOString();
    const message = { id, client_id, from, text, created_at, deleted: false, attachments: [] };
    this.messages.push(message);
    return message;
  }

  answerBy(text: string): Message {
    const message = this.add("operator", text);
    this.tell({ type: "message", message, cursor: message.id });
    return message;
  }

  tell(frame: Frame): void {
    for (const socket of this.sockets)
      if (socket.readyState === 1) socket.onmessage?.({ data: JSON.stringify(frame) });
  }

  cut(): void {
    for (const socket of this.sockets) socket.break();
    this.sockets = [];
  }
}

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

class FakeSocket {
  readyState = 0;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: () => void;

  constructor() {
    setTimeout(() => {
      if (server.down) return this.break();
      this.readyState = 1;
      server.sockets.push(this);
      this.onopen?.();
      this.onmessage?.({ data: '{"type":"hello"}' });
    }, 5);
  }

  send(text: string): void {
    server.said.push(`ws ${text}`);
  }

  close(): void {
    this.readyState = 3;
  }

  break(): void {
    this.readyState = 3;
    this.onclose?.();
  }
}

let server: Server;
let news: [Happening, unknown][];

function open(config: Partial<Config> = {}): Chat {
  const api = new Api("https://desk.example/api/v1/site/KEY", () => "ru");
  return new Chat(api, "KEY", configured(config), (what, detail) => news.push([what, detail]), {
    newMessage: () => "!",
  });
}

const texts = (chat: Chat) => chat.state.messages.map(({ text }) => text);
const waits = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
  server = new Server();
  news = [];
  vi.stubGlobal("fetch", server.fetch);
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("BroadcastChannel", undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("looking at a page costs the server no visitor, the first message makes one", async () => {
  const chat = open();
  await chat.resume();
  await waits(5000);
  expect(server.visitors).toBe(0);
  chat.send(" Здравствуйте ");
  await waits(100);
  expect(server.visitors).toBe(1);
  expect(texts(chat)).toEqual(["Здравствуйте"]);
  expect(chat.state).toMatchObject({ outbox: [], connection: "online", conversation: { id: "c" } });
});

test("an answer lost on the way doubles nothing", async () => {
  const chat = open();
  server.loseAnswers = 2;
  chat.send("раз");
  await waits(20_000);
  expect(new Set(server.posts).size).toBe(1);
  expect(server.posts.length).toBeGreaterThanOrEqual(2);
  expect(server.messages).toHaveLength(1);
  expect(texts(chat)).toEqual(["раз"]);
  expect(chat.state.outbox).toEqual([]);
});

test("what was written without a connection is sent once and in order when it returns", async () => {
  const chat = open();
  chat.send("ноль");
  await waits(100);
  server.down = true;
  server.cut();
  for (const text of ["раз", "два", "три"]) chat.send(text);
  await waits(10_000);
  expect(chat.state).toMatchObject({ unreachable: true, connection: "lost" });
  expect(chat.state.outbox.map(({ text }) => text)).toEqual(["раз", "два", "три"]);
  server.down = false;
  await waits(60_000);
  expect(server.messages.map(({ text }) => text)).toEqual(["ноль", "раз", "два", "три"]);
  expect(texts(chat)).toEqual(["ноль", "раз", "два", "три"]);
  expect(chat.state).toMatchObject({ outbox: [], unreachable: false, connection: "online" });
});

test("a reload in the middle loses nothing", async () => {
  server.down = true;
  open().send("до перезагрузки");
  await waits(1000);
  const chat = open();
  expect(chat.state.outbox.map(({ text }) => text)).toEqual(["до перезагрузки"]);
  server.down = false;
  await chat.resume();
  await waits(5000);
  expect(server.messages.map(({ text }) => text)).toEqual(["до перезагрузки"]);
  expect(localStorage.getItem("otklik:KEY:outbox")).toBeNull();
});

test("history comes back after a reload, and is no news", async () => {
  const first = open();
  first.send("вопрос");
  await waits(100);
  server.answerBy("ответ");
  await waits(10);
  news = [];
  const chat = open();
  await chat.resume();
  await waits(100);
  expect(texts(chat)).toEqual(["вопрос", "ответ"]);
  expect(news.filter(([what]) => what === "message")).toEqual([]);
});

test("a message the server refuses waits for the visitor and holds up no other", async () => {
  const chat = open();
  server.refuse = "Так нельзя";
  chat.send("плохое");
  chat.send("хорошее");
  await waits(100);
  expect(texts(chat)).toEqual(["хорошее"]);
  expect(chat.state.outbox).toMatchObject([{ text: "плохое", refused: "Так нельзя" }]);
  await waits(60_000);
  expect(server.posts).toHaveLength(2);
  server.refuse = "";
  chat.retry(chat.state.outbox[0]?.client_id ?? "");
  await waits(100);
  expect(texts(chat)).toEqual(["хорошее", "плохое"]);
});

test("what came while the connection was lost is there after it, counted once", async () => {
  const chat = open();
  chat.send("вопрос");
  await waits(100);
  server.cut();
  server.add("operator", "раз");
  server.add("operator", "два");
  await waits(5000);
  expect(texts(chat)).toEqual(["вопрос", "раз", "два"]);
  expect(chat.state.unread).toBe(2);
  await waits(60_000);
  expect(chat.state.unread).toBe(2);
  chat.look(true);
  expect(chat.state.unread).toBe(0);
  expect(server.said).toContain('ws {"type":"read","up_to":"0003"}');
});

test("an answer between the page of messages and the socket is not missed", async () => {
  const chat = open();
  server.slow = 50;
  chat.send("вопрос");
  await waits(3);
  server.add("operator", "автоответ");
  await waits(1000);
  expect(texts(chat)).toEqual(["вопрос", "автоответ"]);
});

test("an expired token is renewed without the visitor noticing", async () => {
  const chat = open();
  chat.send("раз");
  await waits(100);
  server.expired = true;
  chat.send("два");
  await waits(100);
  expect(texts(chat)).toEqual(["раз", "два"]);
  expect(server.visitors).toBe(1);
});

test("marks, typing and the end of the conversation are shown", async () => {
  const chat = open({ ask_rating: true });
  chat.send("раз");
  await waits(100);
  server.tell({ type: "read", up_to: "0001" });
  expect(chat.state.messages[0]?.state).toBe("read");
  server.tell({ type: "typing", name: "Анна" });
  expect(chat.state.typing).toEqual({ name: "Анна" });
  await waits(6100);
  expect(chat.state.typing).toBeNull();
  server.conversation = { id: "c", status: "closed" };
  server.tell({ type: "conversation", status: "closed", ask_rating: true });
  expect(chat.state.rating).toBe("asked");
  await chat.rate(5, "Быстро");
  expect(chat.state.rating).toBe("done");
  // Who has answered is not asked again, also after a reload.
  const later = open({ ask_rating: true });
  await later.resume();
  await waits(100);
  expect(later.state.rating).toBe("none");
});

test("typing is told at most once in three seconds", async () => {
  const chat = open();
  chat.send("раз");
  await waits(100);
  const told = () => server.said.filter((line) => line === 'ws {"type":"typing"}').length;
  for (let second = 0; second < 6; second++) {
    chat.type();
    await waits(1001);
  }
  expect(told()).toBe(2);
});

test("a visitor who signs out leaves nothing on the device", async () => {
  const chat = open();
  chat.send("личное");
  await waits(100);
  chat.forget();
  expect(chat.state).toMatchObject({ messages: [], visitor: null, conversation: null });
  expect(Object.keys(localStorage)).toEqual([]);
});

test("without storage the chat works until the page closes", async () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("denied");
  });
  const chat = open();
  chat.send("раз");
  chat.send("два");
  await waits(200);
  expect(texts(chat)).toEqual(["раз", "два"]);
  expect(chat.state.outbox).toEqual([]);
});

test("several tabs are one visitor and show the same", async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.stubGlobal("fetch", server.fetch);
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  const one = open();
  const other = open();
  one.send("из первой");
  await vi.waitFor(() => expect(texts(other)).toEqual(["из первой"]));
  await vi.waitFor(() => expect(other.state.connection).toBe("online"));
  server.answerBy("ответ");
  await vi.waitFor(() => expect(other.state.unread).toBe(1));
  one.look(true);
  await vi.waitFor(() => expect(other.state.unread).toBe(0));
  other.send("из второй");
  await vi.waitFor(() => expect(texts(one)).toEqual(["из первой", "ответ", "из второй"]));
  expect(server.visitors).toBe(1);
  expect(server.messages).toHaveLength(3);
});
