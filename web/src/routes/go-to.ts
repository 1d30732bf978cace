// The places one can go to, once: for the "g + letter" keys, the palette and the help.
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { View } from "@/api/types.ts";

export interface Place {
  id: string;
  keys: string;
  label: string;
  go: () => void;
}

const viewKeys: [View, string][] = [
  ["mine", "g m"],
  ["unassigned", "g u"],
  ["open", "g o"],
  ["snoozed", "g z"],
  ["groups", "g g"],
  ["closed", "g c"],
  ["spam", "g j"],
];

export function useGoTo(): Place[] {
  const navigate = useNavigate();
  const can = useCan();
  const { t } = useTranslation();
  const places: Place[] = viewKeys.map(([view, keys]) => ({
    id: view,
    keys,
    label: t(`common:view.${view}`),
    go: () => void navigate({ to: "/c/$view", params: { view } }),
  }));
  places.push({
    id: "search",
    keys: "g s",
    label: t("common:nav.search"),
    go: () => void navigate({ to: "/search" }),
  });
  if (can("contacts.view")) {
    places.push({
      id: "clients",
      keys: "g l",
      label: t("clients:title"),
      go: () => void navigate({ to: "/clients" }),
    });
  }
  if (can("tickets.view")) {
    places.push({
      id: "tickets",
      keys: "g t",
      label: t("desk:tickets.title"),
      go: () => void navigate({ to: "/tickets" }),
    });
  }
  places.push({
    id: "tasks",
    keys: "g d",
    label: t("tasks:title"),
    go: () => void navigate({ to: "/tasks" }),
  });
  places.push({
    id: "notifications",
    keys: "g n",
    label: t("notify:title"),
    go: () => void navigate({ to: "/notifications" }),
  });
  places.push({
    id: "settings",
    keys: "g p",
    label: t("common:nav.profile"),
    go: () => void navigate({ to: "/settings/profile" }),
  });
  places.push({
    id: "monitor",
    keys: "g v",
    label: t("routing:monitor.title"),
    go: () => void navigate({ to: "/monitor" }),
  });
  places.push({
    id: "shifts",
    keys: "g h",
    label: t("shifts:plan.title"),
    go: () => void navigate({ to: "/shifts" }),
  });
  if (can("conversations.assign")) {
    places.push({
      id: "board",
      keys: "g b",
      label: t("staff:board.title"),
      go: () => void navigate({ to: "/board" }),
    });
  }
  if (seesAdministration(can)) {
    places.push({
      id: "admin",
      keys: "g a",
      label: t("common:nav.admin"),
      go: () => void navigate({ to: "/admin" }),
    });
  }
  return places;
}

/** True when at least one page of administration is open to the person. */
export function seesAdministration(can: ReturnType<typeof useCan>): boolean {
  return (
    [
      "lines.manage",
      "channels.manage",
      "users.manage",
      "jobs.manage",
      "quarantine.manage",
      "outages.manage",
      "canned_replies.manage",
      "settings.manage",
    ] as const
  ).some(can);
}
