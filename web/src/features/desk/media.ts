// What messengers send besides text: how long it plays, how fast, how pictures of an album stand. Pure.
import type { Attachment } from "@/api/types.ts";

/** 75 seconds -> "1:15". */
export function minutes(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const speeds = [1, 1.5, 2];

export function nextSpeed(speed: number): number {
  return speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
}

export interface Sorted {
  voices: Attachment[];
  films: Attachment[];
  stickers: Attachment[];
  /** Pictures and files, as letters have them. */
  rest: Attachment[];
}

export function sortMedia(items: readonly Attachment[]): Sorted {
  const sorted: Sorted = { voices: [], films: [], stickers: [], rest: [] };
  for (const item of items) {
    const picture = item.content_type.startsWith("image/");
    if (item.media === "voice") sorted.voices.push(item);
    else if (item.media === "sticker" && (picture || item.content_type.startsWith("video/")))
      sorted.stickers.push(item);
    else if (
      item.content_type.startsWith("video/") &&
      (item.media === "video" || item.media === "video_note" || item.media === "animation")
    )
      sorted.films.push(item);
    else sorted.rest.push(item);
  }
  return sorted;
}

/** A point on a map that opens in a browser. */
export function mapAddress(latitude: number, longitude: number): string {
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
}
