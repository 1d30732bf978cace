// One schedule, new or saved: its week, its dates, its holidays, and beside them what they make of a norm.
import { TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, post } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import { scheduleQuery, schedulesQuery } from "@/api/schedules.ts";
import type { Schedule } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { DeleteRecord } from "@/ui/delete-record.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { TimeZoneSelect } from "@/ui/time-zone-select.tsx";
import { useForm } from "@/ui/use-form.ts";
import { CalendarSection } from "./calendar-section.tsx";
import { ExceptionsEditor } from "./exceptions-editor.tsx";
import { type Asked, type Edited, localInput, scheduleValues, startingDefinition } from "./schedule-model.ts";
import styles from "./sla.module.css";
import { usePreview } from "./use-preview.ts";
import { WeekEditor } from "./week-editor.tsx";
import { WhatIf } from "./what-if.tsx";

const route = getRouteApi("/shell/admin/schedules/$scheduleId");

export function SchedulePage() {
  const { t } = useTranslation();
  const { scheduleId } = route.useParams();
  const schedule = useQuery(scheduleQuery(scheduleId));
  return (
    <Allowed need="lines.manage">
      {schedule.data ? (
        <Editor key={scheduleId} saved={schedule.data} />
      ) : schedule.error ? (
        <ErrorState error={schedule.error} retry={() => void schedule.refetch()} />
      ) : (
        <PageFrame wide title={t("sla:schedule.title")}>
          <RowSkeletons count={4} />
        </PageFrame>
      )}
    </Allowed>
  );
}

export function ScheduleNewPage() {
  return (
    <Allowed need="lines.manage">
      <Editor saved={null} />
    </Allowed>
  );
}

function Editor({ saved }: { saved: Schedule | null }) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [initial] = useState(() => ({ name: "", definition: startingDefinition(me.time_zone) }));
  const form = useForm(saved ? scheduleValues(saved) : initial);
  const { definition } = form.values;
  const put = (change: Partial<Edited>) => form.set({ definition: { ...definition, ...change } });
  const [asked, setAsked] = useState<Asked>(() => {
    const start = localInput(new Date(), definition.time_zone);
    return { start, kind: "norm", amount: 8, unit: "hours", end: start };
  });
  const told = usePreview(definition, asked);

  const save = useMutation({
    mutationFn: () =>
      saved
        ? patch<Schedule>(`/schedules/${saved.id}`, form.changed)
        : post<Schedule>("/schedules", form.values),
    onSuccess: (next) => {
      client.setQueryData(scheduleQuery(next.id).queryKey, next);
      void client.invalidateQueries({ queryKey: schedulesQuery.queryKey, exact: true });
      form.reset();
      notifyDone(t("sla:schedule.saved"));
      if (!saved) void navigate({ to: "/admin/schedules/$scheduleId", params: { scheduleId: next.id } });
    },
    onError: form.fail,
  });
  return (
    <PageFrame
      wide
      title={saved?.name ?? t("sla:schedule.new")}
      back={<Link to="/admin/schedules">{t("sla:list.title")}</Link>}
      actions={saved && <Deleting schedule={saved} />}
    >
      <div className={styles.columns}>
        <div className={styles.main}>
          <FormSection title={t("sla:schedule.about")}>
            <TextInput
              label={t("sla:schedule.name")}
              placeholder={t("sla:schedule.nameExample")}
              {...form.text("name")}
              data-testid="schedule-name"
            />
            <TimeZoneSelect
              label={t("sla:schedule.zone")}
              description={t("sla:schedule.zoneHelp")}
              value={definition.time_zone}
              error={told.faults.time_zone}
              onChange={(time_zone) => time_zone && put({ time_zone })}
            />
            {saved && saved.used_by.length > 0 && (
              <p className={styles.note} data-testid="schedule-used">
                {t("sla:schedule.used")}{" "}
                {saved.used_by.map(({ kind, name }) => t(`sla:usage.${kind}`, { name })).join(", ")}
              </p>
            )}
          </FormSection>
          <WeekEditor
            weekly={definition.weekly}
            faults={told.faults}
            onChange={(weekly) => put({ weekly })}
          />
          <CalendarSection definition={definition} onChange={put} />
          <ExceptionsEditor
            exceptions={definition.exceptions}
            faults={told.faults}
            today={localInput(new Date(), definition.time_zone).slice(0, 10)}
            onChange={(exceptions) => put({ exceptions })}
          />
        </div>
        <WhatIf
          asked={asked}
          told={told}
          timeZone={definition.time_zone}
          onChange={(change) => setAsked((old) => ({ ...old, ...change }))}
        />
      </div>
      <SaveBar
        dirty={form.dirty}
        fresh={!saved && !save.isSuccess}
        saving={save.isPending || (!saved && save.isSuccess)}
        onSave={() => {
          const missing = form.values.name.trim() === "" ? t("sla:schedule.nameMissing") : undefined;
          if (form.complain({ name: missing })) save.mutate();
        }}
        onReset={() => (saved ? form.reset() : void navigate({ to: "/admin/schedules" }))}
        error={form.message}
      />
    </PageFrame>
  );
}

function Deleting({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <DeleteRecord
      path={`/schedules/${schedule.id}`}
      label={t("sla:schedule.delete")}
      title={t("sla:schedule.deleteTitle", { name: schedule.name })}
      text={t("sla:schedule.deleteText")}
      done={t("sla:schedule.deleted", { name: schedule.name })}
      testId="schedule-delete"
      onDeleted={async () => {
        await navigate({ to: "/admin/schedules" });
        void client.invalidateQueries({ queryKey: schedulesQuery.queryKey, exact: true });
      }}
    />
  );
}
