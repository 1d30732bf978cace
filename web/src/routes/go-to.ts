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
  places.push({
    id: "settings",
    keys: "g p",
    label: t("common:nav.profile"),
    go: () => void navigate({ to: "/settings/profile" }),
  });
  places.push({
    id: "monitor",
    keys: "g l",
    label: t("routing:monitor.title"),
    go: () => void navigate({ to: "/monitor" }),
  });
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
      "settings.manage",
    ] as const
  ).some(can);
}
