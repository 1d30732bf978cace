// The schedules: when each counts time, and whether it does now.
import { Badge } from "@mantine/core";
import { IconCalendarTime, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { schedulesQuery } from "@/api/schedules.ts";
import type { Schedule } from "@/api/types.ts";
import { shortMoment } from "@/lib/time.ts";
import { weekInWords } from "@/lib/week-words.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./sla.module.css";

export function SchedulesPage() {
  return (
    <Allowed need="lines.manage">
      <Schedules />
    </Allowed>
  );
}

function Schedules() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const schedules = useQuery(schedulesQuery);
  const refresh = () => client.invalidateQueries({ queryKey: schedulesQuery.queryKey });
  useLiveEvents(["schedule_changed"], refresh, refresh);
  const columns: Column<Schedule>[] = [
    {
      key: "name",
      title: t("sla:list.name"),
      cell: (schedule) => (
        <div className={styles.cell}>
          <Link
            to="/admin/schedules/$scheduleId"
            params={{ scheduleId: schedule.id }}
            className={styles.link}
          >
            {schedule.name}
          </Link>
          <span className={styles.note}>{schedule.definition.time_zone}</span>
        </div>
      ),
    },
    {
      key: "week",
      title: t("sla:list.week"),
      secondary: true,
      cell: (schedule) => (
        <span className="tnum">
          {weekInWords(schedule.definition, (day) => t(`sla:shortDay.${day}`)) || t("sla:list.noHours")}
        </span>
      ),
    },
    {
      key: "used",
      title: t("sla:list.used"),
      secondary: true,
      cell: (schedule) => <UsedBy users={schedule.used_by} />,
    },
    { key: "now", title: t("sla:list.now"), width: 210, cell: (schedule) => <Now schedule={schedule} /> },
  ];
  const create = (
    <ButtonLink
      to="/admin/schedules/new"
      leftSection={<IconPlus size={18} stroke={1.5} />}
      data-testid="schedule-create"
    >
      {t("sla:list.create")}
    </ButtonLink>
  );
  return (
    <PageFrame
      wide
      title={t("sla:list.title")}
      text={t("sla:list.text")}
      actions={schedules.data && schedules.data.items.length > 0 && create}
    >
      <DataTable
        label={t("sla:list.title")}
        columns={columns}
        rows={schedules.data?.items}
        rowKey={(schedule) => schedule.id}
        rowTestId="schedule-row"
        onOpen={(schedule) =>
          void navigate({ to: "/admin/schedules/$scheduleId", params: { scheduleId: schedule.id } })
        }
        error={schedules.error}
        retry={() => void schedules.refetch()}
        empty={
          <EmptyState
            icon={<IconCalendarTime size={28} stroke={1.5} />}
            title={t("sla:list.emptyTitle")}
            text={t("sla:list.emptyText")}
            action={create}
          />
        }
      />
    </PageFrame>
  );
}

/** The first few by name, the others counted. */
function UsedBy({ users }: { users: Schedule["used_by"] }) {
  const { t } = useTranslation();
  if (users.length === 0) return <span className={styles.note}>{t("sla:list.unused")}</span>;
  const named = users.slice(0, 2).map(({ kind, name }) => t(`sla:usage.${kind}`, { name }));
  const more = users.length - named.length;
  return (
    <span className={styles.used}>
      {named.join(", ")}
      {more > 0 && ` ${t("sla:list.more", { count: more })}`}
    </span>
  );
}

function Now({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation();
  const { locale } = useTime();
  const { open_now, opens_at, definition } = schedule;
  return (
    <Badge color={open_now ? "green" : "gray"} variant="light" tt="none" fw={500}>
      {open_now
        ? t("sla:list.open")
        : opens_at
          ? t("sla:list.opensAt", { at: shortMoment(opens_at, locale, definition.time_zone) })
          : t("sla:list.never")}
    </Badge>
  );
}
