import { expect, test } from "vitest";
import type { Message } from "@/api/types.ts";
import { stateOf } from "./copies.ts";

const copies = (...states: Message["copies"][number]["delivery"]["state"][]) =>
  states.map((state, index) => ({
    contact_id: String(index),
    name: "Анна",
    channel: "telegram" as const,
    delivery: { state, error: null, at: null, attempts: 1 },
  }));

test("a message is as far as the copy that is the worst off", () => {
  expect(stateOf(copies("read", "sent", "delivered"))).toBe("sent");
  expect(stateOf(copies("sent", "queued"))).toBe("queued");
  expect(stateOf(copies("queued", "failed", "read"))).toBe("failed");
  expect(stateOf(copies("cancelled", "read"))).toBe("read");
  expect(stateOf([])).toBe("sent");
});
