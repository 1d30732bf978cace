import { describe, expect, it } from "vitest";
import type { LiveEvent } from "@/api/live.ts";
import { emptyBatch, gather } from "./live-updates.ts";

const event = (kind: string, conversation_id: string | null = null): LiveEvent => ({
  type: "event",
  cursor: "1",
  kind,
  conversation_id,
});

describe("gather", () => {
  it("fetches a conversation once, however many events it had", () => {
    const events = [
      event("message_created", "a"),
      event("conversation_updated", "a"),
      event("message_updated", "b"),
    ];
    const batch = events.reduce(gather, emptyBatch);
    expect([...batch.conversations]).toEqual(["a", "b"]);
    expect(batch.counters).toBe(true);
    expect([...batch.routes]).toEqual(["a"]);
  });
  it("knows what is not about a conversation", () => {
    expect(gather(emptyBatch, event("counters"))).toMatchObject({ counters: true, lines: false });
    expect(gather(emptyBatch, event("line_changed"))).toMatchObject({ lines: true });
    expect(gather(emptyBatch, event("user_changed"))).toMatchObject({ operators: true });
    expect(gather(emptyBatch, event("group_changed"))).toMatchObject({ lines: true, operators: true });
    expect(gather(emptyBatch, event("mailbox_state"))).toBe(emptyBatch);
  });
});
