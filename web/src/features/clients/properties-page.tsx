// What companies and conversations are described by, and how the side panel of a line is arranged.
import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { IconListDetails, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, post, remove } from "@/api/http.ts";
import type { Items, PropertyDefinition } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import { PanelArrangement } from "./panel-arrangement.tsx";

const key = ["properties"];
const kinds = ["text", "number", "choice", "date"] as const;
const subjects = ["conversation", "company"] as const;

export function PropertiesPage() {
  return (
    <Allowed need="lines.manage">
      <Properties />
    </Allowed>
  );
}

function Properties() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [dropping, setDropping] = useState<PropertyDefinition | null>(null);
  const list = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<Items<PropertyDefinition>>("/properties", undefined, signal),
  });
  const drop = useMutation({
    mutationFn: (one: PropertyDefinition) => remove(`/properties/${one.id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
    onError: (error) => notifyError(error),
    onSettled: () => setDropping(null),
  });
  const columns: Column<PropertyDefinition>[] = [
    { key: "name", title: t("clients:properties.name"), cell: (one) => one.name },
    {
      key: "of",
      title: t("clients:properties.of"),
      cell: (one) => t(`clients:properties.subject.${one.subject}`),
    },
    {
      key: "kind",
      title: t("clients:properties.kind"),
      cell: (one) => t(`clients:properties.kinds.${one.kind}`),
    },
    {
      key: "key",
      title: t("clients:properties.key"),
      secondary: true,
      cell: (one) => <code>property.{one.key}</code>,
    },
    {
      key: "drop",
      title: "",
      width: 64,
      align: "right",
      cell: (one) => (
        <IconButton label={t("clients:properties.drop")} size={32} onClick={() => setDropping(one)}>
          <IconTrash size={18} stroke={1.5} />
        </IconButton>
      ),
    },
  ];
  return (
    <PageFrame title={t("admin:section.properties")} text={t("clients:properties.text")}>
      <NewProperty onAdded={() => void client.invalidateQueries({ queryKey: key })} />
      <div style={{ marginTop: 16 }}>
        <DataTable
          label={t("admin:section.properties")}
          columns={columns}
          rows={list.data?.items}
          rowKey={(one) => one.id}
          rowTestId="property-row"
          error={list.error}
          retry={() => void list.refetch()}
          empty={
            <EmptyState
              icon={<IconListDetails size={28} stroke={1.5} />}
              title={t("clients:properties.emptyTitle")}
              text={t("clients:properties.emptyText")}
            />
          }
        />
      </div>
      <div style={{ marginTop: 16 }}>
        <PanelArrangement />
      </div>
      <ConfirmDialog
        opened={dropping !== null}
        title={t("clients:properties.dropTitle", { name: dropping?.name ?? "" })}
        text={t("clients:properties.dropText")}
        confirm={t("clients:properties.drop")}
        loading={drop.isPending}
        onConfirm={() => dropping && drop.mutate(dropping)}
        onClose={() => setDropping(null)}
      />
    </PageFrame>
  );
}

const blank = { subject: "conversation", name: "", key: "", kind: "text", options: "" };

function NewProperty({ onAdded }: { onAdded: () => void }) {
  const { t } = useTranslation();
  const form = useForm(blank);
  const add = useMutation({
    mutationFn: () => {
      const options = form.values.options.split("\n").filter((line) => line.trim());
      return post<PropertyDefinition>("/properties", { ...form.values, options });
    },
    onSuccess: () => {
      form.reset();
      onAdded();
    },
    onError: form.fail,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <FormSection title={t("clients:properties.new")}>
        <NativeSelect
          label={t("clients:properties.of")}
          value={form.values.subject}
          data={subjects.map((value) => ({ value, label: t(`clients:properties.subject.${value}`) }))}
          onChange={(event) => form.set({ subject: event.currentTarget.value })}
          data-testid="property-subject"
        />
        <TextInput label={t("clients:properties.name")} {...form.text("name")} data-testid="property-name" />
        <TextInput
          label={t("clients:properties.key")}
          description={t("clients:properties.keyHelp")}
          {...form.text("key")}
          data-testid="property-key"
        />
        <NativeSelect
          label={t("clients:properties.kind")}
          value={form.values.kind}
          data={kinds.map((value) => ({ value, label: t(`clients:properties.kinds.${value}`) }))}
          onChange={(event) => form.set({ kind: event.currentTarget.value })}
          data-testid="property-kind"
        />
        {form.values.kind === "choice" && (
          <Textarea
            label={t("clients:properties.options")}
            description={t("clients:properties.optionsHelp")}
            autosize
            minRows={3}
            {...form.text("options")}
            data-testid="property-options"
          />
        )}
        {form.message && (
          <p style={{ color: "var(--danger)", fontSize: 13 }} role="alert">
            {form.message}
          </p>
        )}
        <div>
          <Button
            type="submit"
            leftSection={<IconPlus size={18} stroke={1.5} />}
            loading={add.isPending}
            data-testid="property-add"
          >
            {t("clients:properties.add")}
          </Button>
        </div>
      </FormSection>
    </form>
  );
}
