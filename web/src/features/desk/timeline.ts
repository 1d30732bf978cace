// The timeline as it is shown. Pure: joining pages, days, groups of one author, folded stretches of events.
import type { Message, Page, TimelineEvent, TimelineItem } from "@/api/types.ts";
import { dayKey } from "@/lib/time.ts";

/** Fresh last page over what was loaded before: older pages stay when the two overlap, a gap drops them. */
export function mergeTimeline(
  old: Page<TimelineItem> | undefined,
  fresh: Page<TimelineItem>,
): Page<TimelineItem> {
  const first = fresh.items[0];
  if (!old || !first) return fresh;
  const at = old.items.findIndex((item) => item.id === first.id);
  return at > 0 ? { items: [...old.items.slice(0, at), ...fresh.items], next: old.next } : fresh;
}

/** An older page before what is loaded; items that are already there are not doubled. */
export function prependTimeline(loaded: Page<TimelineItem>, older: Page<TimelineItem>): Page<TimelineItem> {
  const known = new Set(loaded.items.map((item) => item.id));
  return { items: [...older.items.filter((item) => !known.has(item.id)), ...loaded.items], next: older.next };
}

/** The message in its place; replaces an earlier state of itself. */
export function putMessage(loaded: Page<TimelineItem>, message: Message): Page<TimelineItem> {
  const item: TimelineItem = { type: "message", ...message };
  const at = loaded.items.findIndex((found) => found.id === message.id);
  if (at >= 0) return { ...loaded, items: loaded.items.with(at, item) };
  return { ...loaded, items: [...loaded.items, item] };
}

export type Block =
  | { type: "day"; key: string; at: string }
  | { type: "message"; key: string; message: Message; grouped: boolean }
  | { type: "events"; key: string; events: TimelineEvent[] };

const groupWithin = 10 * 60_000;

/** Days, messages (grouped when the same person goes on within ten minutes) and stretches of events, in order. */
export function blocks(items: readonly TimelineItem[], timeZone: string): Block[] {
  const result: Block[] = [];
  let day = "";
  let previous: Message | null = null;
  for (const item of items) {
    const at = item.type === "message" ? item.created_at : item.at;
    const itsDay = dayKey(at, timeZone);
    if (itsDay !== day) {
      day = itsDay;
      previous = null;
      result.push({ type: "day", key: `day-${itsDay}`, at });
    }
    if (item.type === "event") {
      const last = result.at(-1);
      if (last?.type === "events") last.events.push(item);
      else result.push({ type: "events", key: item.id, events: [item] });
      previous = null;
      continue;
    }
    const grouped = previous !== null && sameSpeaker(previous, item);
    result.push({ type: "message", key: item.id, message: item, grouped });
    previous = item.automatic ? null : item;
  }
  return result;
}

function sameSpeaker(a: Message, b: Message): boolean {
  return (
    a.kind === b.kind &&
    a.channel === b.channel &&
    b.automatic === null &&
    a.author.id === b.author.id &&
    a.author.name === b.author.name &&
    Date.parse(b.created_at) - Date.parse(a.created_at) <= groupWithin
  );
}
