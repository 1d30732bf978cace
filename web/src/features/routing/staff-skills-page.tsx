// What operators may be good at: lines demand it, rules ask for it, people have it with a level.
import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { IconCertificate, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, post, remove } from "@/api/http.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./staff.module.css";
import { type Skill, skillsQuery } from "./staff-queries.ts";

export function SkillsPage() {
  return (
    <Allowed need="users.manage">
      <Skills />
    </Allowed>
  );
}

function Skills() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const skills = useQuery(skillsQuery);
  const [edited, setEdited] = useState<Skill | "new" | null>(null);
  useLiveEvents(["operator_skills_changed", "operator_changed"], () =>
    client.invalidateQueries({ queryKey: skillsQuery.queryKey, exact: true }),
  );
  const columns: Column<Skill>[] = [
    {
      key: "name",
      title: t("staff:skills.name"),
      cell: (skill) => (
        <div className={styles.cell}>
          <button type="button" className={styles.rowButton} onClick={() => setEdited(skill)}>
            {skill.name}
          </button>
          {skill.description && <span className={styles.note}>{skill.description}</span>}
        </div>
      ),
    },
    {
      key: "operators",
      title: t("staff:skills.people"),
      width: 160,
      align: "right",
      cell: (skill) =>
        skill.operators > 0 ? (
          <span className="tnum">{skill.operators}</span>
        ) : (
          <span className={styles.warning}>{t("staff:skills.nobody")}</span>
        ),
    },
  ];
  const create = (
    <Button
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => setEdited("new")}
      data-testid="skill-create"
    >
      {t("staff:skills.create")}
    </Button>
  );
  return (
    <PageFrame
      title={t("staff:skills.title")}
      text={t("staff:skills.text")}
      actions={skills.data && skills.data.length > 0 && create}
    >
      <DataTable
        label={t("staff:skills.title")}
        columns={columns}
        rows={skills.data}
        rowKey={(skill) => skill.id}
        rowTestId="skill-row"
        onOpen={setEdited}
        error={skills.error}
        retry={() => void skills.refetch()}
        empty={
          <EmptyState
            icon={<IconCertificate size={28} stroke={1.5} />}
            title={t("staff:skills.emptyTitle")}
            text={t("staff:skills.emptyText")}
            action={create}
          />
        }
      />
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={t(edited === "new" ? "staff:skills.newTitle" : "staff:skills.editTitle")}
        size={480}
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        {edited && <SkillForm skill={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      </Modal>
    </PageFrame>
  );
}

function SkillForm({ skill, onClose }: { skill: Skill | null; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const form = useForm({ name: skill?.name ?? "", description: skill?.description ?? "" });
  const done = () => {
    onClose();
    return client.invalidateQueries({ queryKey: skillsQuery.queryKey });
  };
  const save = useMutation({
    mutationFn: () =>
      skill ? patch<Skill>(`/skills/${skill.id}`, form.changed) : post<Skill>("/skills", form.values),
    onSuccess: done,
    onError: form.fail,
  });
  const destroy = useMutation({
    mutationFn: () => remove(`/skills/${skill?.id}`),
    onSuccess: () => {
      notifyDone(t("staff:skills.deleted", { name: skill?.name }));
      return done();
    },
    onError: (error) => notifyError(error),
    onSettled: () => setDeleting(false),
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (form.complain({ name: form.values.name.trim() === "" ? t("staff:required") : undefined }))
          save.mutate();
      }}
    >
      <Stack gap="md">
        <TextInput
          label={t("staff:skills.name")}
          placeholder={t("staff:skills.placeholder")}
          maxLength={100}
          data-autofocus
          {...form.text("name")}
          data-testid="skill-name"
        />
        <Textarea
          label={t("staff:skills.description")}
          description={t("staff:skills.descriptionText")}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={1000}
          {...form.text("description")}
        />
        {form.message && Object.keys(form.errors).length === 0 && (
          <p className={styles.error} role="alert">
            {form.message}
          </p>
        )}
        <Group justify="space-between" gap="xs">
          {skill ? (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)} data-testid="skill-delete">
              {t("staff:delete")}
            </Button>
          ) : (
            <span />
          )}
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("common:cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} data-testid="skill-submit">
              {t(skill ? "common:save" : "staff:skills.create")}
            </Button>
          </Group>
        </Group>
      </Stack>
      <ConfirmDialog
        opened={deleting}
        title={t("staff:skills.deleteTitle", { name: skill?.name })}
        text={t("staff:skills.deleteText")}
        confirm={t("staff:delete")}
        loading={destroy.isPending}
        onConfirm={() => destroy.mutate()}
        onClose={() => setDeleting(false)}
      />
    </form>
  );
}
