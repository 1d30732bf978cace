// One OLA, new or saved: how soon colleagues take and do a stage, by which schedule, and what delays do to it.
import { Checkbox, NumberInput, Switch, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { schedulesQuery } from "@/api/schedules.ts";
import type { Ola, OlaDefinition } from "@/api/types.ts";
import { DeleteRecord } from "@/ui/delete-record.tsx";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ScheduleSelect } from "@/ui/schedule-select.tsx";
import { DefinitionPage, useDefinition } from "../definition-page.tsx";
import { DurationInput } from "../duration-input.tsx";
import policy from "../policy.module.css";
import { olaNorms, secondsKey, startingOla, usualSeconds } from "./model.ts";
import { olaQuery, olasQuery } from "./queries.ts";
import styles from "./routes.module.css";

const route = getRouteApi("/shell/admin/olas/$olaId");

export function OlaPage() {
  const { t } = useTranslation();
  const { olaId } = route.useParams();
  const ola = useQuery(olaQuery(olaId));
  return (
    <DefinitionPage query={ola} title={t("stages:olas.one")}>
      {(saved) => saved && <Editor key={olaId} saved={saved} />}
    </DefinitionPage>
  );
}

export function OlaNewPage() {
  const { t } = useTranslation();
  // The first schedule is offered, so it has to be known.
  const schedules = useQuery(schedulesQuery);
  return (
    <DefinitionPage query={schedules} title={t("stages:olas.one")}>
      {(known) => <Editor saved={null} schedule={known?.items[0]?.id} />}
    </DefinitionPage>
  );
}

function Editor({ saved, schedule = null }: { saved: Ola | null; schedule?: string | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [initial] = useState(() => ({ name: "", definition: startingOla(schedule) }));
  const { form, faults, setFaults, save, isNamed, bar } = useDefinition<typeof initial, Ola>({
    path: "/olas",
    listKey: olasQuery.queryKey,
    saved,
    values: saved ? { name: saved.name, definition: saved.definition } : initial,
    said: { saved: t("stages:olas.saved"), nameMissing: t("stages:olas.nameMissing") },
    onMade: (olaId) => void navigate({ to: "/admin/olas/$olaId", params: { olaId } }),
    onLeave: () => void navigate({ to: "/admin/routes" }),
  });
  const { definition } = form.values;
  const put = (change: Partial<OlaDefinition>) => {
    setFaults((old) => Object.fromEntries(Object.entries(old).filter(([key]) => !(key in change))));
    form.set({ definition: { ...definition, ...change } });
  };
  return (
    <PageFrame
      title={saved?.name ?? t("stages:olas.create")}
      back={<Link to="/admin/routes">{t("stages:routes.title")}</Link>}
      actions={
        saved && (
          <DeleteRecord
            path={`/olas/${saved.id}`}
            label={t("stages:olas.delete")}
            title={t("stages:olas.deleteTitle", { name: saved.name })}
            text={t("stages:olas.deleteText")}
            done={t("stages:olas.deleted", { name: saved.name })}
            testId="ola-delete"
            onDeleted={async () => {
              await navigate({ to: "/admin/routes" });
              void client.invalidateQueries({ queryKey: olasQuery.queryKey, exact: true });
            }}
          />
        )
      }
    >
      <FormSection title={t("stages:olas.about")}>
        <TextInput
          label={t("stages:olas.name")}
          placeholder={t("stages:olas.nameExample")}
          {...form.text("name")}
          data-testid="ola-name"
        />
        <ScheduleSelect
          label={t("stages:olas.schedule")}
          first={[{ value: "", label: t("stages:olas.always") }]}
          value={definition.schedule_id ?? ""}
          error={faults.schedule_id}
          onChange={(value) => put({ schedule_id: value || null })}
        />
        <div className={styles.pair}>
          {(["valid_from", "valid_to"] as const).map((key) => (
            <TextInput
              key={key}
              type="date"
              label={t(`stages:olas.${key}`)}
              value={definition[key] ?? ""}
              error={faults[key]}
              onChange={(event) => put({ [key]: event.currentTarget.value || null })}
            />
          ))}
        </div>
      </FormSection>
      <FormSection title={t("stages:olas.norms")} text={t("stages:olas.normsText")}>
        <div className={policy.norms}>
          {olaNorms.map((norm) => {
            const key = secondsKey(norm);
            const seconds = definition[key] ?? null;
            return (
              <div key={norm} className={policy.norm}>
                <Switch
                  label={t(`stages:norm.${norm}`)}
                  description={t(`stages:normHelp.${norm}`)}
                  checked={seconds !== null}
                  onChange={(event) =>
                    put({ [key]: event.currentTarget.checked ? usualSeconds[norm] : null })
                  }
                  error={seconds === null ? faults[key] : undefined}
                  data-testid={`ola-${norm}-on`}
                />
                {seconds !== null && (
                  <DurationInput
                    label={t(`stages:norm.${norm}`)}
                    seconds={seconds}
                    error={faults[key]}
                    onChange={(next) => put({ [key]: next })}
                    testId={`ola-${norm}`}
                  />
                )}
              </div>
            );
          })}
        </div>
      </FormSection>
      <FormSection title={t("stages:olas.delays")}>
        <Checkbox
          label={t("stages:olas.shrinkLabel")}
          description={t("stages:olas.shrinkHelp")}
          checked={definition.shrink}
          onChange={(event) => put({ shrink: event.currentTarget.checked })}
          data-testid="ola-shrink"
        />
        {definition.shrink && (
          <NumberInput
            label={t("stages:olas.least")}
            description={t("stages:olas.leastHelp")}
            value={definition.least_percent || ""}
            min={1}
            max={100}
            suffix=" %"
            allowDecimal={false}
            allowNegative={false}
            error={faults.least_percent}
            onChange={(next) => put({ least_percent: Number(next) || 0 })}
            w={160}
          />
        )}
      </FormSection>
      <SaveBar {...bar} onSave={() => isNamed() && save.mutate({})} />
    </PageFrame>
  );
}
