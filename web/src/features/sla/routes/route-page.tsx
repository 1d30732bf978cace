// One route, new or saved: how a ticket goes, its stages, the services that go by it.
import { MultiSelect, Radio, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, patch, post } from "@/api/http.ts";
import type { ProcessingRoute, RouteDefinition } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { DeleteRecord } from "@/ui/delete-record.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import { type Faults, faultsOf } from "../schedule-model.ts";
import { inMode, startingRoute } from "./model.ts";
import { routeQuery, routesQuery, servicesQuery } from "./queries.ts";
import { StagesEditor } from "./stages-editor.tsx";

const route = getRouteApi("/shell/admin/routes/$routeId");

export function RoutePage() {
  const { routeId } = route.useParams();
  const found = useQuery(routeQuery(routeId));
  return (
    <Allowed need="lines.manage">
      {found.data ? (
        <Editor key={routeId} saved={found.data} />
      ) : found.error ? (
        <ErrorState error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Loading />
      )}
    </Allowed>
  );
}

export function RouteNewPage() {
  return (
    <Allowed need="lines.manage">
      <Editor saved={null} />
    </Allowed>
  );
}

function Loading() {
  const { t } = useTranslation();
  return (
    <PageFrame title={t("stages:routes.one")}>
      <RowSkeletons count={4} />
    </PageFrame>
  );
}

const fresh = { name: "", definition: startingRoute, service_ids: [] as string[] };

function Editor({ saved }: { saved: ProcessingRoute | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm(
    saved ? { name: saved.name, definition: saved.definition, service_ids: saved.service_ids } : fresh,
  );
  const [faults, setFaults] = useState<Faults>({});
  const { definition, service_ids } = form.values;
  const put = (next: RouteDefinition) => {
    setFaults({});
    form.set({ definition: next });
  };
  const save = useMutation({
    mutationFn: () =>
      saved
        ? patch<ProcessingRoute>(`/routes/${saved.id}`, form.changed)
        : post<ProcessingRoute>("/routes", form.values),
    onSuccess: (next) => {
      client.setQueryData(routeQuery(next.id).queryKey, next);
      void client.invalidateQueries({ queryKey: routesQuery.queryKey, exact: true });
      void client.invalidateQueries({ queryKey: ["olas"] });
      setFaults({});
      form.reset();
      notifyDone(t("stages:routes.saved"));
      if (!saved) void navigate({ to: "/admin/routes/$routeId", params: { routeId: next.id } });
    },
    onError: (error) => {
      form.fail(error);
      if (error instanceof ApiError) setFaults(faultsOf(error.fields, "definition."));
    },
  });
  const submit = () => {
    const missing = form.values.name.trim() === "" ? t("stages:routes.nameMissing") : undefined;
    if (form.complain({ name: missing })) save.mutate();
  };
  return (
    <PageFrame
      title={saved?.name ?? t("stages:routes.create")}
      back={<Link to="/admin/routes">{t("stages:routes.title")}</Link>}
      actions={
        saved && (
          <DeleteRecord
            path={`/routes/${saved.id}`}
            label={t("stages:routes.delete")}
            title={t("stages:routes.deleteTitle", { name: saved.name })}
            text={t("stages:routes.deleteText")}
            done={t("stages:routes.deleted", { name: saved.name })}
            testId="route-delete"
            onDeleted={async () => {
              await navigate({ to: "/admin/routes" });
              void client.invalidateQueries({ queryKey: routesQuery.queryKey, exact: true });
            }}
          />
        )
      }
    >
      <FormSection title={t("stages:routes.about")}>
        <TextInput
          label={t("stages:routes.name")}
          placeholder={t("stages:routes.nameExample")}
          {...form.text("name")}
          data-testid="route-name"
        />
        <Radio.Group
          label={t("stages:routes.mode")}
          value={definition.mode}
          onChange={(mode) => put(inMode(definition, mode as RouteDefinition["mode"]))}
        >
          <Stack gap={8} mt={6}>
            {(["ticket", "task"] as const).map((mode) => (
              <Radio
                key={mode}
                value={mode}
                label={t(`stages:mode.${mode}`)}
                description={t(`stages:modeHelp.${mode}`)}
                data-testid={`route-mode-${mode}`}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Services
          value={service_ids}
          error={form.errors.service_ids}
          onChange={(next) => form.set({ service_ids: next })}
        />
      </FormSection>
      <StagesEditor definition={definition} faults={faults} onChange={put} />
      <SaveBar
        dirty={form.dirty}
        fresh={!saved && !save.isSuccess}
        saving={save.isPending || (!saved && save.isSuccess)}
        onSave={submit}
        onReset={() => {
          setFaults({});
          if (saved) form.reset();
          else void navigate({ to: "/admin/routes" });
        }}
        error={Object.keys(faults).length > 0 ? t("common:checkFields") : form.message}
      />
    </PageFrame>
  );
}

interface ServicesProps {
  value: string[];
  error?: string;
  onChange: (value: string[]) => void;
}

function Services({ value, error, onChange }: ServicesProps) {
  const { t } = useTranslation();
  const { data } = useQuery(servicesQuery);
  const folders = (data?.items ?? []).map((folder) => ({
    group: folder.name,
    items: folder.services
      .filter((service) => value.includes(service.id) || !(service.archived || folder.archived))
      .map(({ id, name }) => ({ value: id, label: name })),
  }));
  return (
    <MultiSelect
      label={t("stages:routes.services")}
      description={t("stages:routes.servicesHelp")}
      placeholder={value.length === 0 ? t("stages:routes.byHand") : undefined}
      data={folders.filter((folder) => folder.items.length > 0)}
      searchable
      value={value}
      error={error}
      onChange={onChange}
      nothingFoundMessage={t("common:nothingFound")}
      data-testid="route-services"
    />
  );
}
