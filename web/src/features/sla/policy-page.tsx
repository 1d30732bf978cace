// One policy, new or saved: what is promised, to whom something else, when time stands still, what is done about a deadline.
import { TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { schedulesQuery } from "@/api/schedules.ts";
import type { SlaChangePreview, SlaDefinition, SlaPolicy } from "@/api/types.ts";
import { DeleteRecord } from "@/ui/delete-record.tsx";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ScheduleSelect } from "@/ui/schedule-select.tsx";
import { ApplyDialog } from "./apply-dialog.tsx";
import { DefinitionPage, useDefinition } from "./definition-page.tsx";
import { ExtrasEditor } from "./extras-editor.tsx";
import { NormsEditor } from "./norms-editor.tsx";
import { faultsLeft, policyValues, startingPolicy } from "./policy-model.ts";
import { PolicyRules } from "./policy-rules.tsx";
import { policiesQuery, policyQuery } from "./queries.ts";
import { ShareEditor } from "./share-editor.tsx";
import { StepsEditor } from "./steps-editor.tsx";

const route = getRouteApi("/shell/admin/sla-policies/$policyId");

export function PolicyPage() {
  const { t } = useTranslation();
  const { policyId } = route.useParams();
  const policy = useQuery(policyQuery(policyId));
  return (
    <DefinitionPage query={policy} title={t("sla:policy.title")}>
      {(saved) => saved && <Editor key={policyId} saved={saved} />}
    </DefinitionPage>
  );
}

export function PolicyNewPage() {
  const { t } = useTranslation();
  // The first schedule is offered, so it has to be known.
  const schedules = useQuery(schedulesQuery);
  return (
    <DefinitionPage query={schedules} title={t("sla:policy.title")}>
      {(known) => <Editor saved={null} schedule={known?.items[0]?.id} />}
    </DefinitionPage>
  );
}

function Editor({ saved, schedule = null }: { saved: SlaPolicy | null; schedule?: string | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [initial] = useState(() => ({ name: "", definition: startingPolicy(schedule) }));
  const { form, faults, setFaults, save, refused, isNamed, bar } = useDefinition<typeof initial, SlaPolicy>({
    path: "/sla-policies",
    listKey: policiesQuery.queryKey,
    saved,
    values: saved ? policyValues(saved) : initial,
    said: { saved: t("sla:policy.saved"), nameMissing: t("sla:policy.nameMissing") },
    onMade: (policyId) => void navigate({ to: "/admin/sla-policies/$policyId", params: { policyId } }),
    onLeave: () => void navigate({ to: "/admin/sla-policies" }),
  });
  const [preview, setPreview] = useState<SlaChangePreview | null>(null);
  const { definition } = form.values;
  const put = (change: Partial<SlaDefinition>) => {
    setFaults((old) => faultsLeft(old, change));
    form.set({ definition: { ...definition, ...change } });
  };
  const keep = (apply_to_running: boolean) =>
    save.mutate({ apply_to_running }, { onSettled: () => setPreview(null) });
  // What runs already is changed only by somebody who has seen what that does.
  const ask = useMutation({
    mutationFn: (id: string) => post<SlaChangePreview>(`/sla-policies/${id}/preview`, { definition }),
    onSuccess: (found) => (found.changed.length > 0 ? setPreview(found) : keep(false)),
    onError: refused,
  });
  const submit = () => {
    if (!isNamed()) return;
    if (saved && form.changed.definition) ask.mutate(saved.id);
    else keep(false);
  };
  return (
    <PageFrame
      title={saved?.name ?? t("sla:policies.create")}
      back={<Link to="/admin/sla-policies">{t("sla:policies.title")}</Link>}
      actions={saved && <Deleting policy={saved} />}
    >
      <FormSection title={t("sla:policy.about")}>
        <TextInput
          label={t("sla:policy.name")}
          placeholder={t("sla:policy.nameExample")}
          {...form.text("name")}
          data-testid="policy-name"
        />
        <ScheduleSelect
          label={t("sla:policy.schedule")}
          first={[{ value: "", label: t("sla:policy.always") }]}
          value={definition.schedule_id ?? ""}
          error={faults.schedule_id}
          onChange={(value) => put({ schedule_id: value || null })}
          testId="policy-schedule"
        />
      </FormSection>
      <FormSection title={t("sla:policy.norms")} text={t("sla:policy.normsText")}>
        <NormsEditor
          at="norms"
          values={definition.norms}
          faults={faults}
          onChange={(norms) => put({ norms })}
        />
      </FormSection>
      <ExtrasEditor extras={definition.extra} faults={faults} onChange={(extra) => put({ extra })} />
      <PolicyRules definition={definition} onChange={put} />
      <StepsEditor steps={definition.steps} faults={faults} onChange={(steps) => put({ steps })} />
      <ShareEditor share={definition.share} faults={faults} onChange={(share) => put({ share })} />
      <SaveBar {...bar} saving={ask.isPending || bar.saving} onSave={submit} />
      {preview && (
        <ApplyDialog
          preview={preview}
          saving={save.isPending}
          onSave={keep}
          onClose={() => setPreview(null)}
        />
      )}
    </PageFrame>
  );
}

function Deleting({ policy }: { policy: SlaPolicy }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <DeleteRecord
      path={`/sla-policies/${policy.id}`}
      label={t("sla:policy.delete")}
      title={t("sla:policy.deleteTitle", { name: policy.name })}
      text={t("sla:policy.deleteText")}
      done={t("sla:policy.deleted", { name: policy.name })}
      testId="policy-delete"
      onDeleted={async () => {
        await navigate({ to: "/admin/sla-policies" });
        void client.invalidateQueries({ queryKey: policiesQuery.queryKey, exact: true });
      }}
    />
  );
}
