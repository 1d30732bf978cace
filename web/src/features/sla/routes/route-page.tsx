// One route, new or saved: how a ticket goes, its stages, the services that go by it.
import { MultiSelect, Radio, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ProcessingRoute, RouteDefinition } from "@/api/types.ts";
import { DeleteRecord } from "@/ui/delete-record.tsx";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { DefinitionPage, useDefinition } from "../definition-page.tsx";
import { inMode, startingRoute } from "./model.ts";
import { olasQuery, routeQuery, routesQuery, servicesQuery } from "./queries.ts";
import { StagesEditor } from "./stages-editor.tsx";

const route = getRouteApi("/shell/admin/routes/$routeId");

export function RoutePage() {
  const { t } = useTranslation();
  const { routeId } = route.useParams();
  const found = useQuery(routeQuery(routeId));
  return (
    <DefinitionPage query={found} title={t("stages:routes.one")}>
      {(saved) => saved && <Editor key={routeId} saved={saved} />}
    </DefinitionPage>
  );
}

export function RouteNewPage() {
  const { t } = useTranslation();
  return <DefinitionPage title={t("stages:routes.one")}>{() => <Editor saved={null} />}</DefinitionPage>;
}

const fresh = { name: "", definition: startingRoute, service_ids: [] as string[] };

function Editor({ saved }: { saved: ProcessingRoute | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { form, faults, setFaults, save, isNamed, bar } = useDefinition<typeof fresh, ProcessingRoute>({
    path: "/routes",
    listKey: routesQuery.queryKey,
    saved,
    values: saved
      ? { name: saved.name, definition: saved.definition, service_ids: saved.service_ids }
      : fresh,
    said: { saved: t("stages:routes.saved"), nameMissing: t("stages:routes.nameMissing") },
    onMade: (routeId) => void navigate({ to: "/admin/routes/$routeId", params: { routeId } }),
    onLeave: () => void navigate({ to: "/admin/routes" }),
  });
  const { definition, service_ids } = form.values;
  const put = (next: RouteDefinition) => {
    setFaults({});
    form.set({ definition: next });
  };
  // An OLA says by which routes it is used.
  const olas = () => void client.invalidateQueries({ queryKey: olasQuery.queryKey });
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
      <SaveBar {...bar} onSave={() => isNamed() && save.mutate({}, { onSuccess: olas })} />
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
