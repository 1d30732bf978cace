import { describe, expect, it } from "vitest";
import type { Attachment } from "@/api/types.ts";
import { mapAddress, minutes, nextSpeed, sortMedia } from "./media.ts";

const file = (id: string, content_type: string, media: Attachment["media"]): Attachment =>
  ({ id, content_type, media }) as Attachment;

describe("media of messengers", () => {
  it("tells time as a clock does", () => {
    expect(minutes(0)).toBe("0:00");
    expect(minutes(75.4)).toBe("1:15");
    expect(minutes(3600)).toBe("60:00");
  });

  it("goes round three speeds, and mends a strange one", () => {
    expect([1, 1.5, 2, 7].map(nextSpeed)).toEqual([1.5, 2, 1, 1]);
  });

  it("puts each thing where it is played; an animated sticker nobody can show stays a file", () => {
    const sorted = sortMedia([
      file("voice", "audio/ogg", "voice"),
      file("song", "audio/mpeg", "audio"),
      file("note", "video/mp4", "video_note"),
      file("sticker", "image/webp", "sticker"),
      file("lottie", "application/x-tgsticker", "sticker"),
      file("photo", "image/jpeg", "photo"),
    ]);
    const ids = (items: Attachment[]) => items.map((item) => item.id);
    expect(ids(sorted.voices)).toEqual(["voice"]);
    expect(ids(sorted.films)).toEqual(["note"]);
    expect(ids(sorted.stickers)).toEqual(["sticker"]);
    expect(ids(sorted.rest)).toEqual(["song", "lottie", "photo"]);
  });

  it("points at the map", () => {
    expect(mapAddress(55.75, 37.62)).toContain("mlat=55.75&mlon=37.62");
  });
});
