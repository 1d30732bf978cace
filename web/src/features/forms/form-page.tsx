// One web form: its questions, its words, what becomes of the answers, how to put it on a site, what was sent.
import { Badge, Button, Menu, Tabs } from "@mantine/core";
import { IconDots, IconExternalLink, IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, patch, remove } from "@/api/http.ts";
import type { WebForm } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import { FieldList } from "./field-list.tsx";
import { builderValues, definitionOf, type Faults, faultsOf, formPatch, tabOf } from "./form-model.ts";
import { FormOutcome, FormTexts } from "./form-parts.tsx";
import { FormPreview } from "./form-preview.tsx";
import { FormShare } from "./form-share.tsx";
import { FormSubmissions } from "./form-submissions.tsx";
import styles from "./forms.module.css";
import { useTurning } from "./forms-page.tsx";
import { formQuery, formsQuery } from "./queries.ts";

const route = getRouteApi("/shell/admin/forms/$formId");
const tabs = ["fields", "texts", "outcome", "share", "submissions"] as const;

export function FormPage() {
  const { t } = useTranslation();
  const { formId } = route.useParams();
  const form = useQuery(formQuery(formId));
  return (
    <Allowed need="channels.manage">
      {form.data ? (
        <Builder key={formId} saved={form.data} />
      ) : form.error ? (
        <ErrorState error={form.error} retry={() => void form.refetch()} />
      ) : (
        <PageFrame wide title={t("forms:form.title")}>
          <RowSkeletons count={4} />
        </PageFrame>
      )}
    </Allowed>
  );
}

function Builder({ saved }: { saved: WebForm }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { tab = "fields" } = route.useSearch();
  const form = useForm(builderValues(saved));
  const [faults, setFaults] = useState<Faults["fields"]>({});
  const [opened, setOpened] = useState<string | null>(null);

  const show = (next: string | null) =>
    void navigate({
      to: "/admin/forms/$formId",
      params: { formId: saved.id },
      search: { tab: tabs.find((each) => each === next) },
      replace: true,
    });
  const save = useMutation({
    mutationFn: () => patch<WebForm>(`/forms/${saved.id}`, formPatch(form.values, form.changed)),
    onSuccess: (next) => {
      client.setQueryData(formQuery(saved.id).queryKey, next);
      void client.invalidateQueries({ queryKey: formsQuery.queryKey, exact: true });
      // A field that was new is known by its name from now on.
      setOpened(form.values.fields.find((field) => field.uid === opened)?.name ?? null);
      form.reset();
      setFaults({});
      notifyDone(t("forms:form.saved"));
    },
    onError: (error) => {
      form.fail(error);
      const found = faultsOf(error instanceof ApiError ? error.fields : {}, form.values.fields);
      const [firstField] = Object.keys(found.fields);
      const [firstValue] = Object.keys(found.values);
      setFaults(found.fields);
      form.complain(found.values);
      if (firstField !== undefined) {
        setOpened(firstField);
        show("fields");
      } else if (firstValue !== undefined) show(tabOf[firstValue as keyof typeof tabOf]);
    },
  });
  const reset = () => {
    form.reset();
    setFaults({});
  };
  const faulty = Object.values(faults).some((each) => Object.keys(each).length > 0);
  const wrong = new Set<string>(Object.keys(form.errors).map((key) => tabOf[key as keyof typeof tabOf]));
  if (faulty) wrong.add("fields");
  const building = tab === "fields" || tab === "texts" || tab === "outcome";

  return (
    <PageFrame
      wide
      title={saved.name}
      text={
        <span className={styles.lead}>
          {saved.line.name}
          {!saved.enabled && (
            <Badge color="gray" variant="light">
              {t("forms:form.off")}
            </Badge>
          )}
        </span>
      }
      back={<Link to="/admin/forms">{t("forms:list.title")}</Link>}
      actions={<Actions form={saved} />}
    >
      <Tabs value={tab} onChange={show} keepMounted={false}>
        <Tabs.List mb="md" className={styles.tabs}>
          {tabs.map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              c={wrong.has(each) ? "var(--danger)" : undefined}
              data-testid={`form-tab-${each}`}
            >
              {t(`forms:tab.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div className={building ? styles.builder : undefined}>
          <div className={styles.column}>
            <Tabs.Panel value="fields">
              <FieldList
                fields={form.values.fields}
                faults={faults}
                error={form.errors.fields}
                opened={opened}
                onOpen={setOpened}
                onChange={(fields) => form.set({ fields })}
                onFixed={(uid, attributes) =>
                  setFaults((old) => ({
                    ...old,
                    [uid]: Object.fromEntries(
                      Object.entries(old[uid] ?? {}).filter(([key]) => !attributes.includes(key)),
                    ),
                  }))
                }
              />
            </Tabs.Panel>
            <Tabs.Panel value="texts">
              <FormTexts form={form} />
            </Tabs.Panel>
            <Tabs.Panel value="outcome">
              <FormOutcome form={form} line={saved.line} />
            </Tabs.Panel>
          </div>
          {building && <FormPreview definition={definitionOf(form.values)} />}
        </div>
        <Tabs.Panel value="share">
          <FormShare form={saved} />
        </Tabs.Panel>
        <Tabs.Panel value="submissions">
          <FormSubmissions form={saved} />
        </Tabs.Panel>
      </Tabs>
      <SaveBar
        dirty={form.dirty}
        saving={save.isPending}
        onSave={() => save.mutate()}
        onReset={reset}
        error={wrong.size > 0 ? t("common:checkFields") : form.message}
      />
    </PageFrame>
  );
}

function Actions({ form }: { form: WebForm }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const { enabled, busy, turn } = useTurning(form);
  const del = useMutation({
    mutationFn: () => remove(`/forms/${form.id}`),
    onSuccess: async () => {
      notifyDone(t("forms:form.deleted", { name: form.name }));
      await navigate({ to: "/admin/forms", ignoreBlocker: true });
      void client.invalidateQueries({ queryKey: formsQuery.queryKey, exact: true });
    },
    onError: (error) => notifyError(error),
    onSettled: () => setDeleting(false),
  });
  return (
    <>
      {enabled ? (
        <Button
          component="a"
          href={form.url}
          target="_blank"
          rel="noopener"
          variant="default"
          leftSection={<IconExternalLink size={18} stroke={1.5} />}
          data-testid="form-open"
        >
          {t("forms:form.open")}
        </Button>
      ) : (
        <Button
          leftSection={<IconPlayerPlay size={18} stroke={1.5} />}
          loading={busy}
          onClick={() => turn(true)}
          data-testid="form-turn-on"
        >
          {t("forms:form.turnOn")}
        </Button>
      )}
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <IconButton label={t("forms:form.more")} size={36} variant="default" data-testid="form-menu">
            <IconDots size={18} stroke={1.5} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          {enabled && (
            <Menu.Item
              leftSection={<IconPlayerPause size={18} stroke={1.5} />}
              onClick={() => turn(false)}
              data-testid="form-turn-off"
            >
              {t("forms:form.turnOff")}
            </Menu.Item>
          )}
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={18} stroke={1.5} />}
            onClick={() => setDeleting(true)}
            data-testid="form-delete"
          >
            {t("forms:form.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={deleting}
        title={t("forms:form.deleteTitle", { name: form.name })}
        text={t("forms:form.deleteText")}
        confirm={t("forms:form.delete")}
        typeName={form.name}
        loading={del.isPending}
        onConfirm={() => del.mutate()}
        onClose={() => setDeleting(false)}
      />
    </>
  );
}
