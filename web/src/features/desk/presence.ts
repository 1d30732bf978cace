// Who else has the conversation open, and who types. Pure steps; `usePresence` in use-presence.ts keeps them going.
import type { Whisper } from "@/api/live.ts";

export interface Viewer {
  /** One open page; a person may have several. */
  page: string;
  user: { id: string; name: string; avatar_color: number };
  typing: boolean;
  /** When the page last spoke, milliseconds. */
  seen: number;
}

/** A page speaks every 20 seconds; one that has been silent for longer than twice that is gone. */
export const silentFor = 45_000;

/** The viewers after one more whisper about this conversation. */
export function hear(viewers: readonly Viewer[], whisper: Whisper, now: number): readonly Viewer[] {
  if (whisper.type === "client_typing") return viewers;
  const page = whisper.page || whisper.user.id;
  const others = viewers.filter((viewer) => viewer.page !== page);
  if (whisper.type === "presence_left") return others.length === viewers.length ? viewers : others;
  return [...others, { page, user: whisper.user, typing: whisper.typing ?? false, seen: now }];
}

/** Whether a whisper is from a page not heard of before: it does not know of us either. */
export function isNew(viewers: readonly Viewer[], whisper: Whisper): boolean {
  if (whisper.type !== "presence") return false;
  const page = whisper.page || whisper.user.id;
  return !viewers.some((viewer) => viewer.page === page);
}

export interface Face {
  id: string;
  name: string;
  avatar_color: number;
  typing: boolean;
}

/** The people, once each, without oneself and without those who have fallen silent; whoever types comes first. */
export function faces(viewers: readonly Viewer[], me: string, now: number): Face[] {
  const people = new Map<string, Face>();
  for (const { user, typing, seen } of viewers) {
    if (user.id === me || now - seen > silentFor) continue;
    people.set(user.id, { ...user, typing: typing || (people.get(user.id)?.typing ?? false) });
  }
  return [...people.values()].sort(
    (a, b) => Number(b.typing) - Number(a.typing) || a.name.localeCompare(b.name),
  );
}
