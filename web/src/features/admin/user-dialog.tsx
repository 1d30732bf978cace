// A new member of staff. There is no letter of invitation: the address and the password are handed over by whoever creates the account.
import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { NewUser, User } from "@/api/types.ts";
import { CopyField } from "@/ui/copy-field.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./admin.module.css";
import { rolesQuery } from "./queries.ts";
import { GroupsField, NameFields, NewPassword, RoleField } from "./user-fields.tsx";
import { checkUser, emptyUser, newUser } from "./user-form.ts";

interface Created {
  user: User;
  password: string;
}

export function UserDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [created, setCreated] = useState<Created | null>(null);
  useEffect(() => {
    if (opened) setCreated(null);
  }, [opened]);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={created ? t("admin:user.createdTitle", { name: created.user.name }) : t("admin:user.newTitle")}
      size={520}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {created ? (
        <HandOver created={created} onClose={onClose} />
      ) : (
        <UserForm onClose={onClose} onCreated={setCreated} />
      )}
    </Modal>
  );
}

function UserForm({ onClose, onCreated }: { onClose: () => void; onCreated: (created: Created) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const roles = useQuery(rolesQuery);
  const operator = roles.data?.items.find((role) => role.key === "operator")?.id ?? "";
  const form = useForm({ ...emptyUser, role_id: operator });
  const create = useMutation({
    mutationFn: (user: NewUser) => post<User>("/users", user),
    onSuccess: (user) => {
      onCreated({ user, password: form.values.password });
      return client.invalidateQueries({ queryKey: ["admin"] });
    },
    onError: form.fail,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (form.complain(checkUser(form.values, t))) create.mutate(newUser(form.values));
      }}
    >
      <Stack gap="md">
        <NameFields form={form} autoFocus />
        <NewPassword form={form} description={t("admin:user.passwordHelp")} />
        <RoleField form={form} />
        <GroupsField form={form} />
        {form.message && Object.keys(form.errors).length === 0 && (
          <p className={styles.error} role="alert">
            {form.message}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={create.isPending} data-testid="user-submit">
            {t("admin:users.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function HandOver({ created: { user, password }, onClose }: { created: Created; onClose: () => void }) {
  const { t } = useTranslation();
  const text = t("admin:user.handOverText", { address: location.origin, login: user.email, password });
  return (
    <Stack gap="md">
      <p>{t(password ? "admin:user.handOver" : "admin:user.noPassword", { name: user.name })}</p>
      {password && <CopyField value={text} label={t("admin:user.access")} testId="user-access" />}
      <Group justify="flex-end">
        <Button onClick={onClose} data-testid="user-done">
          {t("admin:user.done")}
        </Button>
      </Group>
    </Stack>
  );
}
