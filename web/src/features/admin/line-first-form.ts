// The first line as its wizard holds it. It is kept in the browser until the line works: one may leave and come back.
// Pure, except for what is kept.
import type { Id, Person } from "@/api/types.ts";
import { readStored, removeStored, writeStored } from "@/lib/storage.ts";

export const firstChannels = ["chat", "mail", "later"] as const;
export type FirstChannel = (typeof firstChannels)[number];

export interface FirstLine {
  step: 0 | 1 | 2;
  name: string;
  public_name: string;
  people: Person[];
  /** For those who may not gather people into a group of their own. */
  group_ids: Id[];
  channel: FirstChannel;
  /** What is there already when a later part was refused: it is not made a second time. */
  group: Id | null;
  line: { id: Id; name: string } | null;
}

const key = (user: Id) => `otklik.first-line.${user}`;

export function emptyFirstLine(me: Person): FirstLine {
  return {
    step: 0,
    name: "",
    public_name: "",
    people: [me],
    group_ids: [],
    channel: "chat",
    group: null,
    line: null,
  };
}

/** What was begun before; what an older version of the pages left behind is completed. */
export function keptFirstLine(me: Person): FirstLine {
  const empty = emptyFirstLine(me);
  const kept = readStored<Partial<FirstLine> | null>(key(me.id), null);
  return kept ? { ...empty, ...kept } : empty;
}

export function keepFirstLine(user: Id, values: FirstLine): void {
  writeStored(key(user), values);
}

export function forgetFirstLine(user: Id): void {
  removeStored(key(user));
}

/** What must be said before the next step, by field; `ownGroup`: people are chosen, not groups. */
export function missingOf(values: FirstLine, ownGroup: boolean): (keyof FirstLine)[] {
  if (values.step === 0) return values.name.trim() === "" ? ["name"] : [];
  if (values.step === 1) {
    if (ownGroup) return values.people.length === 0 ? ["people"] : [];
    return values.group_ids.length === 0 ? ["group_ids"] : [];
  }
  return [];
}

/** Keys to try for the line, the best one first: the name may give none, and an archived line may have it. */
export function keysToTry(suggested: string): string[] {
  const base = suggested || "LINE";
  return [base, ...[2, 3, 4, 5].map((number) => `${base.slice(0, 30)}-${number}`)];
}
