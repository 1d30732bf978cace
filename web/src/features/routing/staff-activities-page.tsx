// What people may be busy with besides conversations. What somebody did stays in his report when an activity is put away.
import { Button, TextInput } from "@mantine/core";
import { IconCoffee, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, post, remove } from "@/api/http.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./staff.module.css";
import { type Activity, activitiesQuery } from "./staff-queries.ts";

export function ActivitiesPage() {
  return (
    <Allowed need="users.manage">
      <Activities />
    </Allowed>
  );
}

function Activities() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const activities = useQuery(activitiesQuery);
  const [removed, setRemoved] = useState<Activity | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: activitiesQuery.queryKey });
  const form = useForm({ name: "" });
  const add = useMutation({
    mutationFn: () => post<Activity>("/activities", { name: form.values.name.trim() }),
    onSuccess: () => {
      form.reset();
      return refresh();
    },
    onError: form.fail,
  });
  const rename = useMutation({
    mutationFn: ({ id, name }: Activity) => patch<Activity>(`/activities/${id}`, { name }),
    onError: (error) => notifyError(error),
    onSettled: refresh,
  });
  const archive = useMutation({
    mutationFn: ({ id }: Activity) => remove(`/activities/${id}`),
    onSuccess: (_, { name }) => {
      notifyDone(t("staff:activities.removed", { name }));
      return refresh();
    },
    onError: (error) => notifyError(error),
    onSettled: () => setRemoved(null),
  });
  const columns: Column<Activity>[] = [
    {
      key: "name",
      title: t("staff:activities.name"),
      cell: (activity) => (
        <TextInput
          key={`${activity.name} ${rename.failureCount}`}
          aria-label={t("staff:activities.name")}
          defaultValue={activity.name}
          variant="unstyled"
          maxLength={100}
          onBlur={(event) => {
            const name = event.currentTarget.value.trim();
            if (name !== "" && name !== activity.name) rename.mutate({ id: activity.id, name });
          }}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        />
      ),
    },
    {
      key: "remove",
      title: "",
      width: 72,
      align: "right",
      cell: (activity) => (
        <IconButton
          label={t("staff:activities.remove", { name: activity.name })}
          onClick={() => setRemoved(activity)}
          data-testid="activity-remove"
        >
          <IconTrash size={18} stroke={1.5} />
        </IconButton>
      ),
    },
  ];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form.values.name.trim() !== "") add.mutate();
  };
  return (
    <PageFrame title={t("staff:activities.title")} text={t("staff:activities.text")}>
      <form className={styles.addForm} noValidate onSubmit={submit}>
        <TextInput
          aria-label={t("staff:activities.name")}
          placeholder={t("staff:activities.placeholder")}
          maxLength={100}
          {...form.text("name")}
          data-testid="activity-name"
        />
        <Button
          type="submit"
          leftSection={<IconPlus size={18} stroke={1.5} />}
          loading={add.isPending}
          disabled={form.values.name.trim() === ""}
          data-testid="activity-add"
        >
          {t("staff:activities.add")}
        </Button>
      </form>
      <DataTable
        label={t("staff:activities.title")}
        columns={columns}
        rows={activities.data}
        rowKey={(activity) => activity.id}
        rowTestId="activity-row"
        error={activities.error}
        retry={() => void activities.refetch()}
        empty={
          <EmptyState
            icon={<IconCoffee size={28} stroke={1.5} />}
            title={t("staff:activities.emptyTitle")}
            text={t("staff:activities.emptyText")}
          />
        }
      />
      <ConfirmDialog
        opened={removed !== null}
        title={t("staff:activities.removeTitle", { name: removed?.name })}
        text={t("staff:activities.removeText")}
        confirm={t("staff:activities.removeConfirm")}
        harmless
        loading={archive.isPending}
        onConfirm={() => removed && archive.mutate(removed)}
        onClose={() => setRemoved(null)}
      />
    </PageFrame>
  );
}
