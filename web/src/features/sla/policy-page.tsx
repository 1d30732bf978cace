// One policy, new or saved: what is promised, to whom something else, when time stands still, what is done about a deadline.
import { TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, patch, post } from "@/api/http.ts";
import { schedulesQuery } from "@/api/schedules.ts";
import type { SlaChangePreview, SlaDefinition, SlaPolicy } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { DeleteRecord } from "@/ui/delete-record.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ScheduleSelect } from "@/ui/schedule-select.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import { ApplyDialog } from "./apply-dialog.tsx";
import { ExtrasEditor } from "./extras-editor.tsx";
import { NormsEditor } from "./norms-editor.tsx";
import { faultsLeft, policyValues, startingPolicy } from "./policy-model.ts";
import { PolicyRules } from "./policy-rules.tsx";
import { policiesQuery, policyQuery } from "./queries.ts";
import { type Faults, faultsOf } from "./schedule-model.ts";
import { ShareEditor } from "./share-editor.tsx";
import { StepsEditor } from "./steps-editor.tsx";

const route = getRouteApi("/shell/admin/sla-policies/$policyId");

export function PolicyPage() {
  const { policyId } = route.useParams();
  const policy = useQuery(policyQuery(policyId));
  return (
    <Allowed need="lines.manage">
      {policy.data ? (
        <Editor key={policyId} saved={policy.data} />
      ) : policy.error ? (
        <ErrorState error={policy.error} retry={() => void policy.refetch()} />
      ) : (
        <Loading />
      )}
    </Allowed>
  );
}

export function PolicyNewPage() {
  // The first schedule is offered, so it has to be known.
  const schedules = useQuery(schedulesQuery);
  return (
    <Allowed need="lines.manage">
      {schedules.isPending ? <Loading /> : <Editor saved={null} schedule={schedules.data?.items[0]?.id} />}
    </Allowed>
  );
}

function Loading() {
  const { t } = useTranslation();
  return (
    <PageFrame title={t("sla:policy.title")}>
      <RowSkeletons count={4} />
    </PageFrame>
  );
}

function Editor({ saved, schedule = null }: { saved: SlaPolicy | null; schedule?: string | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [initial] = useState(() => ({ name: "", definition: startingPolicy(schedule) }));
  const form = useForm(saved ? policyValues(saved) : initial);
  const [faults, setFaults] = useState<Faults>({});
  const [preview, setPreview] = useState<SlaChangePreview | null>(null);
  const { definition } = form.values;
  const put = (change: Partial<SlaDefinition>) => {
    setFaults((old) => faultsLeft(old, change));
    form.set({ definition: { ...definition, ...change } });
  };
  const refused = (error: Error) => {
    setPreview(null);
    form.fail(error);
    if (error instanceof ApiError) setFaults(faultsOf(error.fields, "definition."));
  };

  const save = useMutation({
    mutationFn: (apply_to_running: boolean) =>
      saved
        ? patch<SlaPolicy>(`/sla-policies/${saved.id}`, { ...form.changed, apply_to_running })
        : post<SlaPolicy>("/sla-policies", form.values),
    onSuccess: (next) => {
      client.setQueryData(policyQuery(next.id).queryKey, next);
      void client.invalidateQueries({ queryKey: policiesQuery.queryKey, exact: true });
      setPreview(null);
      setFaults({});
      form.reset();
      notifyDone(t("sla:policy.saved"));
      if (!saved) void navigate({ to: "/admin/sla-policies/$policyId", params: { policyId: next.id } });
    },
    onError: refused,
  });
  // What runs already is changed only by somebody who has seen what that does.
  const ask = useMutation({
    mutationFn: (id: string) => post<SlaChangePreview>(`/sla-policies/${id}/preview`, { definition }),
    onSuccess: (found) => (found.changed.length > 0 ? setPreview(found) : save.mutate(false)),
    onError: refused,
  });
  const submit = () => {
    const missing = form.values.name.trim() === "" ? t("sla:policy.nameMissing") : undefined;
    if (!form.complain({ name: missing })) return;
    if (saved && form.changed.definition) ask.mutate(saved.id);
    else save.mutate(false);
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
      <SaveBar
        dirty={form.dirty}
        fresh={!saved && !save.isSuccess}
        saving={ask.isPending || save.isPending || (!saved && save.isSuccess)}
        onSave={submit}
        onReset={() => {
          setFaults({});
          if (saved) form.reset();
          else void navigate({ to: "/admin/sla-policies" });
        }}
        error={Object.keys(faults).length > 0 ? t("common:checkFields") : form.message}
      />
      {preview && (
        <ApplyDialog
          preview={preview}
          saving={save.isPending}
          onSave={(apply) => save.mutate(apply)}
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
