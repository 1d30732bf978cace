import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, OfflineError } from "@/api/http.ts";
import { awaken, nextToSend, Outbox, type OutboxEntry, outcomeOf, settle } from "./outbox.ts";

const entry = (
  key: string,
  conversationId: string,
  state: OutboxEntry["state"] = "waiting",
): OutboxEntry => ({
  key,
  conversationId,
  body: { kind: "outbound", html: `<p>${key}</p>`, attachment_ids: [] },
  attachments: [],
  createdAt: "2026-11-21T10:00:00Z",
  attempts: 0,
  state,
  error: null,
});
const problem = (status: number, detail = "нет") =>
  new ApiError({ type: "", title: detail, status, code: "x", detail });

describe("steps", () => {
  it("sends in order, and nothing behind a refused message of the same conversation", () => {
    expect(nextToSend([entry("a", "c1", "rejected"), entry("b", "c1"), entry("c", "c2")])?.key).toBe("c");
    expect(nextToSend([entry("a", "c1", "sending"), entry("b", "c1")])).toBeNull();
  });
  it("tries again what may still succeed, refuses what will not", () => {
    expect(outcomeOf(new OfflineError(), 99).type).toBe("later");
    expect(outcomeOf(problem(429), 99).type).toBe("later");
    expect(outcomeOf(problem(500), 1).type).toBe("later");
    expect(outcomeOf(problem(500), 5).type).toBe("rejected");
    expect(outcomeOf(problem(422, "Тема пуста"), 1)).toEqual({ type: "rejected", error: "Тема пуста" });
  });
  it("settles one entry and leaves the others alone", () => {
    const entries = [entry("a", "c1", "sending"), entry("b", "c1")];
    expect(settle(entries, "a", { type: "sent" }).map((each) => each.key)).toEqual(["b"]);
    expect(settle(entries, "a", { type: "later" })[0]?.state).toBe("waiting");
    expect(settle(entries, "a", { type: "rejected", error: "нет" })[0]).toMatchObject({
      state: "rejected",
      error: "нет",
    });
  });
  it("sends again after a reload what was on its way", () => {
    expect(
      awaken([entry("a", "c1", "sending"), entry("b", "c1", "rejected")]).map((each) => each.state),
    ).toEqual(["waiting", "rejected"]);
  });
});

describe("Outbox", () => {
  const stored = new Map<string, string>();
  beforeEach(() => {
    stored.clear();
    vi.useFakeTimers();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    });
    vi.stubGlobal("window", { addEventListener: () => undefined, removeEventListener: () => undefined });
    vi.stubGlobal("navigator", {});
    vi.stubGlobal("document", { documentElement: { lang: "ru" } });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const answer = (body: unknown) => new Response(JSON.stringify(body), { status: 201 });

  it("keeps a message through a lost connection and a reload, and sends it under the same key", async () => {
    const keys: (string | null)[] = [];
    const offline = vi.fn((_url: string, init: RequestInit) => {
      keys.push(new Headers(init.headers).get("Idempotency-Key"));
      return Promise.reject(new TypeError("failed to fetch"));
    });
    vi.stubGlobal("fetch", offline);
    const before = new Outbox("u", () => undefined);
    before.add({ conversationId: "c1", body: entry("x", "c1").body, attachments: [] });
    await vi.advanceTimersByTimeAsync(600);
    expect(before.entries).toHaveLength(1);
    expect(offline.mock.calls.length).toBeGreaterThan(1);
    before.stop();

    const sent: string[] = [];
    vi.stubGlobal("fetch", (_url: string, init: RequestInit) => {
      keys.push(new Headers(init.headers).get("Idempotency-Key"));
      return Promise.resolve(answer({ id: "m1" }));
    });
    const after = new Outbox("u", (_entry, message) => sent.push(message.id));
    expect(after.entries).toHaveLength(1);
    await after.flush();
    expect(sent).toEqual(["m1"]);
    expect(after.entries).toEqual([]);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toBeTruthy();
  });

  it("shows a refusal and lets the words be taken back", async () => {
    vi.stubGlobal("fetch", () =>
      Promise.resolve(
        new Response(
          JSON.stringify({ status: 422, code: "invalid", title: "", detail: "Адрес не подходит" }),
          { status: 422 },
        ),
      ),
    );
    const outbox = new Outbox("u", () => undefined);
    outbox.add({ conversationId: "c1", body: entry("x", "c1").body, attachments: [] });
    await vi.advanceTimersByTimeAsync(10);
    const [refused] = outbox.entries;
    expect(refused).toMatchObject({ state: "rejected", error: "Адрес не подходит" });
    expect(outbox.take(refused?.key ?? "")?.body.html).toBe("<p>x</p>");
    expect(outbox.entries).toEqual([]);
  });

  it("does not lose what another tab has put in", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed to fetch")));
    const here = new Outbox("u", () => undefined);
    const there = new Outbox("u", () => undefined);
    here.add({ conversationId: "c1", body: entry("a", "c1").body, attachments: [] });
    there.add({ conversationId: "c2", body: entry("b", "c2").body, attachments: [] });
    await vi.advanceTimersByTimeAsync(10);
    expect(there.entries.map((each) => each.conversationId).sort()).toEqual(["c1", "c2"]);
    here.stop();
    there.stop();
  });
});
