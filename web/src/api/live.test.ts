import { describe, expect, it } from "vitest";
import { Live, type LiveEvent, reconnectDelay, type SocketLike } from "./live.ts";

function setup() {
  const sockets: { after: string | null; socket: SocketLike; closed: boolean; said: string[] }[] = [];
  const timers: (() => void)[] = [];
  const live = new Live({
    open: (after) => {
      const entry = { after, closed: false, said: [] as string[] } as (typeof sockets)[number];
      entry.socket = {
        onopen: null,
        onmessage: null,
        onclose: null,
        send: (text) => entry.said.push(text),
        close: () => {
          entry.closed = true;
        },
      };
      sockets.push(entry);
      return entry.socket;
    },
    later: (run) => {
      timers.push(run);
      return () => timers.splice(timers.indexOf(run), 1);
    },
    random: () => 0,
  });
  const events: LiveEvent[] = [];
  let resets = 0;
  live.onEvent((event) => events.push(event));
  live.onReset(() => (resets += 1));
  const say = (index: number, frame: object) =>
    sockets[index]?.socket.onmessage?.({ data: JSON.stringify(frame) });
  return { live, sockets, timers, events, say, resets: () => resets };
}

describe("live events", () => {
  it("passes whispers on without moving the cursor, and says something only while it is heard", () => {
    const { live, sockets, say } = setup();
    const heard: string[] = [];
    live.onWhisper((whisper) => heard.push(whisper.type));
    live.start();
    live.send({ type: "presence" });
    say(0, { type: "hello", cursor: "10" });
    live.send({ type: "presence", conversation_id: "c" });
    say(0, { type: "client_typing", conversation_id: "c" });
    expect(heard).toEqual(["client_typing"]);
    expect(live.cursor).toBe("10");
    expect(sockets[0]?.said).toEqual(['{"type":"presence","conversation_id":"c"}']);
  });

  it("resumes after a drop from the last event it has seen", () => {
    const { live, sockets, timers, events, say } = setup();
    live.start();
    expect(sockets[0]?.after).toBeNull();
    say(0, { type: "hello", cursor: "10" });
    say(0, { type: "event", cursor: "11", kind: "message_created", conversation_id: "c" });
    expect(live.status).toBe("open");
    sockets[0]?.socket.onclose?.({ code: 1006 });
    expect(live.status).toBe("lost");
    timers.shift()?.();
    expect(sockets[1]?.after).toBe("11");
    // The greeting of a resumed connection is ahead of what still has to be told.
    say(1, { type: "hello", cursor: "15" });
    expect(live.cursor).toBe("11");
    say(1, { type: "event", cursor: "12", kind: "message_updated", conversation_id: "c" });
    expect(events.map((event) => event.cursor)).toEqual(["11", "12"]);
    expect(live.status).toBe("open");
  });
  it("asks for everything anew when the server cannot resume, and once at the start", () => {
    const { live, say, resets } = setup();
    live.start();
    say(0, { type: "hello", cursor: "10" });
    expect(resets()).toBe(1);
    say(0, { type: "reset", cursor: "90" });
    expect(resets()).toBe(2);
    expect(live.cursor).toBe("90");
  });
  it("hears nothing from a socket it has left", () => {
    const { live, sockets, say, events } = setup();
    live.start();
    say(0, { type: "hello", cursor: "1" });
    live.lose();
    expect(sockets[0]?.closed).toBe(true);
    say(0, { type: "event", cursor: "2", kind: "message_created", conversation_id: "c" });
    expect(events).toEqual([]);
  });
  it("does not wait when the network is back", () => {
    const { live, sockets } = setup();
    live.start();
    sockets[0]?.socket.onclose?.({ code: 1006 });
    live.retryNow();
    expect(sockets).toHaveLength(2);
    live.retryNow();
    expect(sockets).toHaveLength(2);
  });
  it("waits longer each time, up to half a minute", () => {
    expect(reconnectDelay(0, 1)).toBe(500);
    expect(reconnectDelay(3, 1)).toBe(4_000);
    expect(reconnectDelay(20, 1)).toBe(30_000);
    expect(reconnectDelay(20, 0)).toBe(22_500);
  });
});
