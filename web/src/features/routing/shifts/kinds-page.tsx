// Kinds of shifts and schedules of work: what a plan is made of.
import { Button } from "@mantine/core";
import { IconCalendarRepeat, IconClockHour9, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { remove } from "@/api/http.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { shiftParts } from "./logic.ts";
import { type Shift, shiftsKey, shiftsQuery, type WorkSchedule, workSchedulesQuery } from "./queries.ts";
import { ShiftDialog } from "./shift-dialog.tsx";
import { useShiftHoursWords } from "./shift-words.ts";
import styles from "./shifts.module.css";
import { useFollowShifts } from "./use-follow-shifts.ts";

export function ShiftKindsPage() {
  return (
    <Allowed need="users.manage">
      <Kinds />
    </Allowed>
  );
}

function Kinds() {
  const { t } = useTranslation();
  useFollowShifts();
  return (
    <PageFrame
      wide
      title={t("shifts:kinds.title")}
      text={t("shifts:kinds.text")}
      actions={
        <ButtonLink to="/shifts" variant="default" data-testid="open-plan">
          {t("shifts:plan.title")}
        </ButtonLink>
      }
    >
      <Shifts />
      <Schedules />
    </PageFrame>
  );
}

function Shifts() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const words = useShiftHoursWords();
  const shifts = useQuery(shiftsQuery);
  const [edited, setEdited] = useState<Shift | "new" | null>(null);
  const [removed, setRemoved] = useState<Shift | null>(null);
  const archive = useMutation({
    mutationFn: ({ id }: Shift) => remove(`/shifts/${id}`),
    onSuccess: (_, { name }) => {
      notifyDone(t("shifts:kinds.removed", { name }));
      return client.invalidateQueries({ queryKey: shiftsKey });
    },
    onError: (error) => notifyError(error),
    onSettled: () => setRemoved(null),
  });
  const create = (
    <Button
      variant={shifts.data?.length ? "default" : "filled"}
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => setEdited("new")}
      data-testid="shift-create"
    >
      {t("shifts:kinds.create")}
    </Button>
  );
  const columns: Column<Shift>[] = [
    {
      key: "name",
      title: t("shifts:kinds.name"),
      width: "30%",
      cell: (shift) => (
        <button type="button" className={styles.swatchName} onClick={() => setEdited(shift)}>
          <span className={styles.swatch} data-color={shift.color} />
          {shift.name}
        </button>
      ),
    },
    {
      key: "hours",
      title: t("shifts:kinds.hours"),
      cell: ({ hours }) =>
        hours ? (
          <span className={styles.twoLines}>
            <span className="tnum">{words.span(hours)}</span>
            <span className={styles.muted}>{words.length(hours)}</span>
          </span>
        ) : (
          <span className={styles.muted}>{t("shifts:kinds.dayOff")}</span>
        ),
    },
    {
      key: "bar",
      title: t("shifts:kinds.day"),
      secondary: true,
      width: "34%",
      cell: ({ hours, color }) =>
        hours && (
          <span className={styles.timeline} aria-hidden="true">
            {shiftParts(hours).map(({ left, width }) => (
              <span
                key={left}
                data-color={color}
                style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
              />
            ))}
          </span>
        ),
    },
    {
      key: "actions",
      title: "",
      width: 96,
      align: "right",
      cell: (shift) => (
        <span className={styles.rowActions}>
          <IconButton
            label={t("shifts:kinds.edit", { name: shift.name })}
            onClick={() => setEdited(shift)}
            data-testid="shift-edit"
          >
            <IconPencil size={18} stroke={1.5} />
          </IconButton>
          <IconButton
            label={t("shifts:kinds.remove", { name: shift.name })}
            onClick={() => setRemoved(shift)}
            data-testid="shift-remove"
          >
            <IconTrash size={18} stroke={1.5} />
          </IconButton>
        </span>
      ),
    },
  ];
  return (
    <section aria-label={t("shifts:kinds.shifts")} className={styles.section}>
      <div className={styles.sectionHead}>
        <h2>{t("shifts:kinds.shifts")}</h2>
        {shifts.data && shifts.data.length > 0 && create}
      </div>
      <DataTable
        label={t("shifts:kinds.shifts")}
        columns={columns}
        rows={shifts.data}
        rowKey={(shift) => shift.id}
        rowTestId="shift-row"
        error={shifts.error}
        retry={() => void shifts.refetch()}
        empty={
          <EmptyState
            compact
            icon={<IconClockHour9 size={28} stroke={1.5} />}
            title={t("shifts:kinds.emptyShifts")}
            text={t("shifts:kinds.emptyShiftsText")}
            action={create}
          />
        }
      />
      {edited && <ShiftDialog shift={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      <ConfirmDialog
        opened={removed !== null}
        title={t("shifts:kinds.removeTitle", { name: removed?.name })}
        text={t("shifts:kinds.removeText")}
        confirm={t("shifts:kinds.putAway")}
        harmless
        loading={archive.isPending}
        onConfirm={() => removed && archive.mutate(removed)}
        onClose={() => setRemoved(null)}
      />
    </section>
  );
}

function Schedules() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const schedules = useQuery(workSchedulesQuery);
  const shifts = useQuery(shiftsQuery);
  const known = new Map(shifts.data?.map((shift) => [shift.id, shift]));
  const create = (
    <ButtonLink
      to="/admin/shifts/new"
      variant={schedules.data?.length ? "default" : "filled"}
      leftSection={<IconPlus size={18} stroke={1.5} />}
      disabled={shifts.data?.length === 0}
      data-testid="work-schedule-create"
    >
      {t("shifts:schedules.create")}
    </ButtonLink>
  );
  const columns: Column<WorkSchedule>[] = [
    {
      key: "name",
      title: t("shifts:kinds.name"),
      width: "30%",
      cell: (schedule) => (
        <Link to="/admin/shifts/$scheduleId" params={{ scheduleId: schedule.id }} className={styles.link}>
          {schedule.name}
        </Link>
      ),
    },
    {
      key: "pattern",
      title: t("shifts:schedules.pattern"),
      secondary: true,
      cell: ({ rule }) => (
        <span className={styles.pattern}>
          {rule.pattern.shift_ids.slice(0, 14).map((id, index) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: the place of a day is what it is
              key={index}
              data-color={id ? known.get(id)?.color : undefined}
              title={(id && known.get(id)?.name) || t("shifts:kinds.dayOff")}
            />
          ))}
          <span className={styles.patternText}>
            {rule.pattern.kind === "week"
              ? t("shifts:schedules.week")
              : t("shifts:schedules.cycleOf", { count: rule.pattern.shift_ids.length })}
          </span>
        </span>
      ),
    },
    {
      key: "whose",
      title: t("shifts:schedules.whose"),
      width: 220,
      cell: ({ people, groups }) =>
        people + groups === 0 ? (
          <span className={styles.muted}>{t("shifts:schedules.nobody")}</span>
        ) : (
          [
            people > 0 ? t("shifts:schedules.people", { count: people }) : "",
            groups > 0 ? t("shifts:schedules.groups", { count: groups }) : "",
          ]
            .filter(Boolean)
            .join(", ")
        ),
    },
  ];
  return (
    <section aria-label={t("shifts:schedules.title")} className={styles.section}>
      <div className={styles.sectionHead}>
        <h2>{t("shifts:schedules.title")}</h2>
        {schedules.data && schedules.data.length > 0 && create}
      </div>
      <DataTable
        label={t("shifts:schedules.title")}
        columns={columns}
        rows={schedules.data}
        rowKey={(schedule) => schedule.id}
        rowTestId="work-schedule-row"
        onOpen={(schedule) =>
          void navigate({ to: "/admin/shifts/$scheduleId", params: { scheduleId: schedule.id } })
        }
        error={schedules.error}
        retry={() => void schedules.refetch()}
        empty={
          <EmptyState
            compact
            icon={<IconCalendarRepeat size={28} stroke={1.5} />}
            title={t("shifts:schedules.emptyTitle")}
            text={t(
              shifts.data?.length === 0 ? "shifts:schedules.shiftsFirst" : "shifts:schedules.emptyText",
            )}
            action={shifts.data?.length === 0 ? undefined : create}
          />
        }
      />
    </section>
  );
}
