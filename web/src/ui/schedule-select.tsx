// Choosing a saved schedule: its week in words under the list. A schedule is opened or made in a tab of its own, so that nothing
// that is being written here is lost; a new one is in the list by itself.
import { Select } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { schedulesQuery } from "@/api/schedules.ts";
import { weekInWords } from "@/lib/week-words.ts";
import styles from "./schedule-select.module.css";
import { useLiveEvents } from "./use-live.ts";

interface Props {
  label: string;
  description?: string;
  /** What stands before the schedules: no schedule, and whatever else there is. */
  first: { value: string; label: string }[];
  /** Of the first ones, or a schedule's id. */
  value: string;
  disabled?: boolean;
  error?: string;
  testId?: string;
  onChange: (value: string) => void;
}

export function ScheduleSelect({
  label,
  description,
  first,
  value,
  disabled,
  error,
  testId,
  onChange,
}: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data } = useQuery(schedulesQuery);
  const refresh = () => client.invalidateQueries({ queryKey: schedulesQuery.queryKey });
  useLiveEvents(["schedule_changed"], refresh, refresh);
  const saved = data?.items ?? [];
  const chosen = saved.find((schedule) => schedule.id === value);
  return (
    <div className={styles.root}>
      <Select
        label={label}
        description={description}
        data={[...first, ...saved.map((schedule) => ({ value: schedule.id, label: schedule.name }))]}
        value={value}
        allowDeselect={false}
        disabled={disabled}
        error={error}
        onChange={(next) => next !== null && next !== value && onChange(next)}
        data-testid={testId}
      />
      {chosen && (
        <p className={styles.note}>
          {weekInWords(chosen.definition, (day) => t(`sla:shortDay.${day}`)) || t("sla:list.noHours")}
          {" · "}
          {chosen.definition.time_zone}
        </p>
      )}
      <p className={styles.links}>
        {chosen && (
          <Link to="/admin/schedules/$scheduleId" params={{ scheduleId: chosen.id }} target="_blank">
            {t("sla:select.open")}
            <IconExternalLink size={14} stroke={1.5} aria-hidden />
          </Link>
        )}
        <Link to="/admin/schedules/new" target="_blank">
          {t("sla:select.create")}
          <IconExternalLink size={14} stroke={1.5} aria-hidden />
        </Link>
      </p>
    </div>
  );
}
