// The lists of the workspace with their icons and live counters.
import {
  IconCircleCheck,
  IconClockPause,
  IconInbox,
  IconMoodOff,
  IconStack2,
  IconUser,
  IconUserQuestion,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Counters, View } from "@/api/types.ts";
import { capped } from "@/lib/text.ts";
import { countersQuery } from "./queries.ts";

const icon = { size: 18, stroke: 1.5 } as const;

export const viewIcons: Record<View, ReactNode> = {
  mine: <IconUser {...icon} />,
  unassigned: <IconUserQuestion {...icon} />,
  open: <IconInbox {...icon} />,
  snoozed: <IconClockPause {...icon} />,
  groups: <IconUsersGroup {...icon} />,
  closed: <IconCircleCheck {...icon} />,
  spam: <IconMoodOff {...icon} />,
  all: <IconStack2 {...icon} />,
};

export const shownViews: View[] = ["mine", "unassigned", "open", "snoozed", "groups", "closed", "spam"];

export const viewKeys: Partial<Record<View, string>> = {
  mine: "g m",
  unassigned: "g u",
  open: "g o",
  snoozed: "g z",
  groups: "g g",
  closed: "g c",
  spam: "g j",
};

/** How many there are, as text; null where nothing is counted or there is nothing. */
export function useCounter(): (view: View) => string | null {
  const { data } = useQuery(countersQuery);
  return (view) => counterOf(data, view);
}

function counterOf(counters: Counters | undefined, view: View): string | null {
  if (!counters || view === "groups" || view === "closed" || view === "spam" || view === "all") return null;
  const value = counters[view];
  return value > 0 ? capped(value, counters.capped_at) : null;
}
