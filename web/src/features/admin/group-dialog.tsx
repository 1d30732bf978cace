// A new group of staff.
import { Button, Modal, Group as Row, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Group, Person } from "@/api/types.ts";
import { useForm } from "@/ui/use-form.ts";
import styles from "./admin.module.css";
import { PeoplePicker } from "./people-picker.tsx";

interface Props {
  opened: boolean;
  onClose: () => void;
  onCreated: (group: Group) => void;
}

export function GroupDialog({ opened, onClose, onCreated }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("admin:groups.newTitle")}
      size={520}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <GroupForm onClose={onClose} onCreated={onCreated} />
    </Modal>
  );
}

const empty = { name: "", description: "", member_ids: [] as Person[] };

function GroupForm({ onClose, onCreated }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm(empty);
  const create = useMutation({
    mutationFn: () =>
      post<Group>("/groups", {
        ...form.values,
        member_ids: form.values.member_ids.map((person) => person.id),
      }),
    onSuccess: async (group) => {
      await client.invalidateQueries({ queryKey: ["admin", "groups"] });
      onCreated(group);
      onClose();
    },
    onError: form.fail,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // The dialog may stand inside another form.
        event.stopPropagation();
        if (form.complain({ name: form.values.name.trim() === "" ? t("admin:required") : undefined }))
          create.mutate();
      }}
    >
      <Stack gap="md">
        <TextInput
          label={t("admin:groups.name")}
          description={t("admin:groups.nameHelp")}
          data-autofocus
          {...form.text("name")}
          data-testid="group-name"
        />
        <PeoplePicker
          label={t("admin:groups.members")}
          people={form.values.member_ids}
          onChange={(member_ids) => form.set({ member_ids })}
          error={form.errors.member_ids}
        />
        {form.message && Object.keys(form.errors).length === 0 && (
          <p className={styles.error} role="alert">
            {form.message}
          </p>
        )}
        <Row justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={create.isPending} data-testid="group-submit">
            {t("admin:groups.create")}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
