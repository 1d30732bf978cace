import { describe, expect, it } from "vitest";
import type { Attachment, Draft } from "@/api/types.ts";
import { chooseDraft, emptyDraft, isBlank, type LocalDraft } from "./drafts.ts";

const local = (updatedAt: string, more: Partial<LocalDraft> = {}): LocalDraft => ({
  ...emptyDraft,
  html: "<p>здесь</p>",
  updatedAt,
  synced: false,
  ...more,
});
const server = (updated_at: string): Draft => ({
  kind: "outbound",
  html: "<p>там</p>",
  attachments: [],
  to: [],
  cc: [],
  updated_at,
});

describe("isBlank", () => {
  it("sees words, pictures and files", () => {
    expect(isBlank({ html: "<p>&nbsp;</p><p><br></p>", attachments: [] })).toBe(true);
    expect(isBlank({ html: "<p>а</p>", attachments: [] })).toBe(false);
    expect(isBlank({ html: '<p><img src="/files/1/a.png"></p>', attachments: [] })).toBe(false);
    expect(isBlank({ html: "", attachments: [{ id: "1" } as Attachment] })).toBe(false);
  });
});

describe("chooseDraft", () => {
  it("prefers what could not be handed over", () => {
    expect(chooseDraft(local("2026-11-21T10:00:00Z"), server("2026-11-21T09:00:00Z")).html).toBe(
      "<p>здесь</p>",
    );
  });
  it("prefers a newer one from another computer", () => {
    expect(chooseDraft(local("2026-11-21T10:00:00Z"), server("2026-11-21T11:00:00Z")).html).toBe(
      "<p>там</p>",
    );
  });
  it("trusts the server once everything is handed over", () => {
    expect(chooseDraft(local("2026-11-21T10:00:00Z", { synced: true }), null)).toEqual(emptyDraft);
    expect(chooseDraft(null, server("2026-11-21T11:00:00Z")).synced).toBe(true);
  });
});
