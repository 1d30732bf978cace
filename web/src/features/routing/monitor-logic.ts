// Whom a supervisor looks at first. Pure.
import { statuses } from "@/ui/status-dot.tsx";
import type { LineNow, OperatorNow } from "./types.ts";

/** Those at work first, in the order of their statuses; whoever is absent comes last. */
export function orderPeople(people: readonly OperatorNow[]): OperatorNow[] {
  const rank = ({ absent, status }: OperatorNow) => (absent ? statuses.length : statuses.indexOf(status));
  return people.toSorted((a, b) => rank(a) - rank(b) || a.user.name.localeCompare(b.user.name));
}

/** Somebody waits and nobody is free to take it. */
export function isStuck({ queue, free }: Pick<LineNow, "queue" | "free">): boolean {
  return queue > 0 && free === 0;
}
