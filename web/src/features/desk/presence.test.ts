import { describe, expect, it } from "vitest";
import type { Whisper } from "@/api/live.ts";
import { faces, hear, isNew, silentFor, type Viewer } from "./presence.ts";

const anna = { id: "anna", name: "Анна", avatar_color: 1 };
const boris = { id: "boris", name: "Борис", avatar_color: 2 };
const here = (user: typeof anna, page: string, typing = false): Whisper => ({
  type: "presence",
  conversation_id: "c",
  user,
  page,
  typing,
});
const left = (user: typeof anna, page: string): Whisper => ({
  type: "presence_left",
  conversation_id: "c",
  user,
  page,
});

describe("presence", () => {
  it("shows a person once however many pages are open, typing if any of them types", () => {
    let viewers: readonly Viewer[] = [];
    for (const whisper of [here(anna, "1"), here(anna, "2", true), here(boris, "3")])
      viewers = hear(viewers, whisper, 0);
    expect(faces(viewers, "me", 0)).toEqual([
      { ...anna, typing: true },
      { ...boris, typing: false },
    ]);
    viewers = hear(viewers, left(anna, "2"), 1);
    expect(faces(viewers, "me", 1).map((face) => face.typing)).toEqual([false, false]);
    viewers = hear(viewers, left(anna, "1"), 2);
    expect(faces(viewers, "me", 2).map((face) => face.id)).toEqual(["boris"]);
  });

  it("forgets who has fallen silent, and never shows oneself", () => {
    const viewers = hear(hear([], here(anna, "1"), 0), here(boris, "2"), 40_000);
    expect(faces(viewers, "boris", silentFor + 1)).toEqual([]);
    expect(faces(viewers, "anna", silentFor + 1).map((face) => face.id)).toEqual(["boris"]);
  });

  it("knows a newcomer, who has to be told of us", () => {
    const viewers = hear([], here(anna, "1"), 0);
    expect(isNew(viewers, here(anna, "1", true))).toBe(false);
    expect(isNew(viewers, here(anna, "2"))).toBe(true);
    expect(isNew(viewers, { type: "client_typing", conversation_id: "c" })).toBe(false);
  });
});
