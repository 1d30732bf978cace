// One group: its name, its people, the lines it serves.
import { Badge, Button, Textarea, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, remove } from "@/api/http.ts";
import type { Group } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./admin.module.css";
import { PeoplePicker } from "./people-picker.tsx";
import { groupsQuery } from "./queries.ts";

const route = getRouteApi("/shell/admin/groups/$groupId");

export function GroupPage() {
  const { t } = useTranslation();
  const { groupId } = route.useParams();
  const groups = useQuery(groupsQuery);
  const group = groups.data?.items.find((each) => each.id === groupId);
  const body = () => {
    if (group) return <GroupForm key={group.id} group={group} />;
    if (groups.error) return <ErrorState error={groups.error} retry={() => void groups.refetch()} />;
    if (groups.data) return <EmptyState title={t("common:error.notFound")} text={t("admin:groups.gone")} />;
    return (
      <PageFrame title={t("admin:groups.title")}>
        <RowSkeletons count={3} />
      </PageFrame>
    );
  };
  return <Allowed need="users.manage">{body()}</Allowed>;
}

function GroupForm({ group }: { group: Group }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const form = useForm({ name: group.name, description: group.description, member_ids: group.members });
  const refresh = () => client.invalidateQueries({ queryKey: ["admin"] });

  const save = useMutation({
    mutationFn: () => {
      const { member_ids, ...rest } = form.changed;
      return patch<Group>(`/groups/${group.id}`, {
        ...rest,
        member_ids: member_ids?.map((person) => person.id),
      });
    },
    onSuccess: async () => {
      await refresh();
      form.reset();
      notifyDone(t("admin:saved"));
    },
    onError: form.fail,
  });
  const del = useMutation({
    mutationFn: () => remove(`/groups/${group.id}`),
    onSuccess: async () => {
      notifyDone(t("admin:groups.deleted", { name: group.name }));
      await navigate({ to: "/admin/groups" });
      void refresh();
    },
    onError: (error) => notifyError(error),
    onSettled: () => setDeleting(false),
  });

  return (
    <PageFrame
      title={group.name}
      back={<Link to="/admin/groups">{t("admin:section.groups")}</Link>}
      actions={
        <Button
          variant="default"
          leftSection={<IconTrash size={18} stroke={1.5} />}
          onClick={() => setDeleting(true)}
          data-testid="group-delete"
        >
          {t("admin:groups.delete")}
        </Button>
      }
    >
      <FormSection title={t("admin:groups.about")}>
        <TextInput label={t("admin:groups.name")} {...form.text("name")} data-testid="group-name" />
        <Textarea
          label={t("admin:groups.description")}
          autosize
          minRows={2}
          maxRows={8}
          {...form.text("description")}
        />
      </FormSection>
      <FormSection
        title={t("admin:groups.members")}
        text={t("admin:groups.people", { count: form.values.member_ids.length })}
      >
        <PeoplePicker
          label={t("admin:groups.add")}
          people={form.values.member_ids}
          onChange={(member_ids) => form.set({ member_ids })}
          error={form.errors.member_ids}
        />
      </FormSection>
      <FormSection title={t("admin:groups.lines")} text={t("admin:groups.linesText")}>
        {group.lines.length === 0 ? (
          <p className={styles.note}>{t("admin:groups.noLines")}</p>
        ) : (
          <div className={styles.members}>
            {group.lines.map((line) => (
              <div key={`${line.id}-${line.role}`} className={styles.member}>
                <Link
                  to="/admin/lines/$lineId"
                  params={{ lineId: line.id }}
                  search={{ tab: "groups" }}
                  className={`${styles.link} ${styles.memberName}`}
                >
                  {line.name}
                </Link>
                <Badge color="gray" variant="light" tt="none" fw={500}>
                  {t(`admin:groups.part.${line.role}`)}
                </Badge>
              </div>
            ))}
          </div>
        )}
      </FormSection>
      <SaveBar
        dirty={form.dirty}
        saving={save.isPending}
        onSave={() => save.mutate()}
        onReset={form.reset}
        error={form.message}
      />
      <ConfirmDialog
        opened={deleting}
        title={t("admin:groups.deleteTitle", { name: group.name })}
        text={t("admin:groups.deleteText", { count: group.members.length })}
        confirm={t("admin:groups.delete")}
        loading={del.isPending}
        onConfirm={() => del.mutate()}
        onClose={() => setDeleting(false)}
      />
    </PageFrame>
  );
}
