// A schedule of work, new or saved: its days, its holidays, and beside them the months it makes.
import { Button, Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { IconTrash, IconUserPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post, put, remove } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import { dayKey } from "@/lib/time.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import { TimeZoneSelect } from "@/ui/time-zone-select.tsx";
import { useForm } from "@/ui/use-form.ts";
import { AssignDialog } from "./assign-dialog.tsx";
import { Assignments } from "./assignments.tsx";
import { PatternEditor } from "./pattern-editor.tsx";
import { type Shift, shiftsKey, shiftsQuery, type WorkSchedule, workSchedulesQuery } from "./queries.ts";
import { ruleOf, scheduleValues } from "./schedule-model.ts";
import { SchedulePreview } from "./schedule-preview.tsx";
import styles from "./shifts.module.css";

const route = getRouteApi("/shell/admin/shifts/$scheduleId");

export function WorkSchedulePage() {
  const { t } = useTranslation();
  const { scheduleId } = route.useParams();
  const schedules = useQuery(workSchedulesQuery);
  const schedule = schedules.data?.find(({ id }) => id === scheduleId);
  return (
    <Allowed need="users.manage">
      {schedules.error && !schedules.data ? (
        <ErrorState error={schedules.error} retry={() => void schedules.refetch()} />
      ) : !schedules.data ? (
        <PageFrame wide title={t("shifts:schedules.one")}>
          <RowSkeletons count={4} />
        </PageFrame>
      ) : schedule ? (
        <Loaded key={scheduleId} saved={schedule} />
      ) : (
        <EmptyState title={t("shifts:schedules.gone")} />
      )}
    </Allowed>
  );
}

export function WorkScheduleNewPage() {
  return (
    <Allowed need="users.manage">
      <Loaded saved={null} />
    </Allowed>
  );
}

function Loaded({ saved }: { saved: WorkSchedule | null }) {
  const { t } = useTranslation();
  const shifts = useQuery(shiftsQuery);
  if (shifts.error && !shifts.data)
    return <ErrorState error={shifts.error} retry={() => void shifts.refetch()} />;
  if (!shifts.data) {
    return (
      <PageFrame wide title={saved?.name ?? t("shifts:schedules.new")}>
        <RowSkeletons count={4} />
      </PageFrame>
    );
  }
  return <Editor saved={saved} shifts={shifts.data} />;
}

function Editor({ saved, shifts }: { saved: WorkSchedule | null; shifts: Shift[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const { now, timeZone } = useTime();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [initial] = useState(() => scheduleValues(saved, me.time_zone, dayKey(now, timeZone), shifts));
  const form = useForm(
    saved ? scheduleValues(saved, me.time_zone, initial.rule_pattern_first, shifts) : initial,
  );
  const { values } = form;
  const [assigning, setAssigning] = useState(false);
  const save = useMutation({
    mutationFn: () => {
      const body = { name: values.name.trim(), rule: ruleOf(values) };
      return saved
        ? put<WorkSchedule>(`/work-schedules/${saved.id}`, body)
        : post<WorkSchedule>("/work-schedules", body);
    },
    onSuccess: async (next) => {
      await client.invalidateQueries({ queryKey: shiftsKey });
      form.reset();
      notifyDone(t("shifts:schedules.saved"));
      if (!saved) void navigate({ to: "/admin/shifts/$scheduleId", params: { scheduleId: next.id } });
    },
    onError: form.fail,
  });
  return (
    <PageFrame
      wide
      title={saved?.name ?? t("shifts:schedules.new")}
      back={<Link to="/admin/shifts">{t("shifts:kinds.title")}</Link>}
      actions={saved && <Deleting schedule={saved} />}
    >
      <div className={styles.columns}>
        <div className={styles.main}>
          <FormSection title={t("shifts:schedules.about")}>
            <TextInput
              label={t("shifts:kinds.name")}
              placeholder={t("shifts:schedules.nameExample")}
              maxLength={200}
              {...form.text("name")}
              data-testid="work-schedule-name"
            />
            <TimeZoneSelect
              label={t("shifts:schedules.zone")}
              value={values.rule_time_zone}
              error={form.errors.rule_time_zone}
              onChange={(zone) => zone && form.set({ rule_time_zone: zone })}
            />
          </FormSection>
          <FormSection title={t("shifts:schedules.days")} text={t("shifts:schedules.daysText")}>
            <SegmentedControl
              aria-label={t("shifts:schedules.days")}
              data={(["week", "cycle"] as const).map((value) => ({
                value,
                label: t(`shifts:schedules.kind.${value}`),
              }))}
              value={values.kind}
              onChange={(kind) => form.set({ kind })}
              data-testid="work-schedule-kind"
            />
            <PatternEditor
              kind={values.kind}
              days={values.kind === "week" ? values.week : values.cycle}
              shifts={shifts}
              error={form.errors.rule_pattern_shift_ids}
              onChange={(days) =>
                form.set({
                  ...(values.kind === "week" ? { week: days } : { cycle: days }),
                  rule_pattern_shift_ids: "",
                })
              }
            />
            {values.kind === "cycle" && (
              <TextInput
                type="date"
                label={t("shifts:schedules.first")}
                description={t("shifts:schedules.firstText")}
                maw={240}
                {...form.text("rule_pattern_first")}
                data-testid="cycle-first"
              />
            )}
          </FormSection>
          <FormSection title={t("shifts:schedules.calendar")} text={t("shifts:schedules.calendarText")}>
            <Checkbox
              label={t("shifts:schedules.holidays")}
              description={t("shifts:schedules.holidaysText")}
              {...form.flag("holidays")}
            />
            <Checkbox label={t("shifts:schedules.shortDays")} {...form.flag("short_days")} />
            <div className={styles.two}>
              <TextInput type="date" label={t("shifts:schedules.from")} {...form.text("rule_from")} />
              <TextInput type="date" label={t("shifts:schedules.to")} {...form.text("rule_to")} />
            </div>
          </FormSection>
          {saved && (
            <FormSection
              title={t("shifts:schedules.whose")}
              aside={
                <Button
                  variant="default"
                  size="xs"
                  leftSection={<IconUserPlus size={16} stroke={1.5} />}
                  onClick={() => setAssigning(true)}
                  data-testid="work-schedule-assign"
                >
                  {t("shifts:assign.open")}
                </Button>
              }
            >
              <Assignments of={{ schedule: saved.id }} empty={t("shifts:schedules.nobodyYet")} />
            </FormSection>
          )}
        </div>
        <SchedulePreview rule={ruleOf(values)} shifts={shifts} today={dayKey(now, timeZone)} />
      </div>
      {assigning && saved && <AssignDialog schedule={saved.id} onClose={() => setAssigning(false)} />}
      <SaveBar
        dirty={form.dirty || (!saved && !save.isSuccess)}
        saving={save.isPending || (!saved && save.isSuccess)}
        onSave={() => {
          const missing = values.name.trim() === "" ? t("shifts:required") : undefined;
          const first =
            values.kind === "cycle" && !values.rule_pattern_first ? t("shifts:required") : undefined;
          if (form.complain({ name: missing, rule_pattern_first: first })) save.mutate();
        }}
        onReset={() => (saved ? form.reset() : void navigate({ to: "/admin/shifts" }))}
        error={form.message}
      />
    </PageFrame>
  );
}

function Deleting({ schedule }: { schedule: WorkSchedule }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const archive = useMutation({
    mutationFn: () => remove(`/work-schedules/${schedule.id}`),
    onSuccess: async () => {
      notifyDone(t("shifts:schedules.removed", { name: schedule.name }));
      await navigate({ to: "/admin/shifts" });
      void client.invalidateQueries({ queryKey: shiftsKey });
    },
    onError: (error) => notifyError(error),
    onSettled: () => setAsking(false),
  });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconTrash size={18} stroke={1.5} />}
        onClick={() => setAsking(true)}
        data-testid="work-schedule-remove"
      >
        {t("shifts:kinds.putAway")}
      </Button>
      <ConfirmDialog
        opened={asking}
        title={t("shifts:schedules.removeTitle", { name: schedule.name })}
        text={t("shifts:schedules.removeText")}
        confirm={t("shifts:kinds.putAway")}
        harmless
        loading={archive.isPending}
        onConfirm={() => archive.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
