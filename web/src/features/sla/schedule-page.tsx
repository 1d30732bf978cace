// One schedule, new or saved: its week, its dates, its holidays, and beside them what they make of a norm.
import { TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import { scheduleQuery, schedulesQuery } from "@/api/schedules.ts";
import type { Schedule } from "@/api/types.ts";
import { DeleteRecord } from "@/ui/delete-record.tsx";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { TimeZoneSelect } from "@/ui/time-zone-select.tsx";
import { CalendarSection } from "./calendar-section.tsx";
import { DefinitionPage, useDefinition } from "./definition-page.tsx";
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
    <DefinitionPage wide query={schedule} title={t("sla:schedule.title")}>
      {(saved) => saved && <Editor key={scheduleId} saved={saved} />}
    </DefinitionPage>
  );
}

export function ScheduleNewPage() {
  const { t } = useTranslation();
  return (
    <DefinitionPage wide title={t("sla:schedule.title")}>
      {() => <Editor saved={null} />}
    </DefinitionPage>
  );
}

function Editor({ saved }: { saved: Schedule | null }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const [initial] = useState(() => ({ name: "", definition: startingDefinition(me.time_zone) }));
  const { form, save, isNamed, bar } = useDefinition<typeof initial, Schedule>({
    path: "/schedules",
    listKey: schedulesQuery.queryKey,
    saved,
    values: saved ? scheduleValues(saved) : initial,
    said: { saved: t("sla:schedule.saved"), nameMissing: t("sla:schedule.nameMissing") },
    onMade: (scheduleId) => void navigate({ to: "/admin/schedules/$scheduleId", params: { scheduleId } }),
    onLeave: () => void navigate({ to: "/admin/schedules" }),
  });
  const { definition } = form.values;
  const put = (change: Partial<Edited>) => form.set({ definition: { ...definition, ...change } });
  const [asked, setAsked] = useState<Asked>(() => {
    const start = localInput(new Date(), definition.time_zone);
    return { start, kind: "norm", amount: 8, unit: "hours", end: start };
  });
  const told = usePreview(definition, asked);
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
      <SaveBar {...bar} error={form.message} onSave={() => isNamed() && save.mutate({})} />
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
