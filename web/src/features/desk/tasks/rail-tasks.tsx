// The tasks in the rail: how many wait for the person, always up to date.
import { IconChecklist } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { RailLink } from "@/ui/rail-link.tsx";
import { taskCountsQuery, useTasksLive } from "./queries.ts";

export function RailTasks() {
  const { t } = useTranslation();
  const { data } = useQuery(taskCountsQuery);
  useTasksLive();
  const mine = data?.mine ?? 0;
  return (
    <RailLink
      to="/tasks"
      label={t("tasks:title")}
      keys="g d"
      wideOnly
      counter={mine > 0 ? (mine > 99 ? "99+" : String(mine)) : null}
      counterTestId="tasks-mine"
      testId="tasks-link"
    >
      <IconChecklist size={20} stroke={1.5} />
    </RailLink>
  );
}
