// The fields of a member of staff: used for a new one and for changing one.
import { Button, MultiSelect, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { PasswordField } from "@/ui/password-field.tsx";
import type { Form } from "@/ui/use-form.ts";
import styles from "./admin.module.css";
import { groupsQuery, rolesQuery } from "./queries.ts";
import { generatePassword, type UserValues } from "./user-form.ts";

export function NameFields({ form, autoFocus = false }: { form: Form<UserValues>; autoFocus?: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t("admin:user.name")}
        autoComplete="off"
        data-autofocus={autoFocus || undefined}
        {...form.text("name")}
        data-testid="user-name"
      />
      <TextInput
        label={t("admin:user.email")}
        description={t("admin:user.emailHelp")}
        type="email"
        autoComplete="off"
        {...form.text("email")}
        data-testid="user-email"
      />
    </>
  );
}

export function RoleField({ form }: { form: Form<UserValues> }) {
  const { t, i18n } = useTranslation();
  const roles = useQuery(rolesQuery);
  // Clients have no place among the staff.
  const offered = roles.data?.items.filter((role) => role.key !== "client") ?? [];
  const chosen = offered.find((role) => role.id === form.values.role_id);
  return (
    <div>
      <Select
        label={t("admin:users.role")}
        data={offered.map((role) => ({ value: role.id, label: role.name }))}
        allowDeselect={false}
        {...form.choice("role_id")}
        data-testid="user-role"
      />
      {chosen && i18n.exists(`admin:role.${chosen.key}`) && (
        <p className={styles.note} style={{ marginTop: 6 }}>
          {t(`admin:role.${chosen.key}`)}
        </p>
      )}
    </div>
  );
}

export function GroupsField({ form }: { form: Form<UserValues> }) {
  const { t } = useTranslation();
  const groups = useQuery(groupsQuery);
  return (
    <MultiSelect
      label={t("admin:users.groups")}
      description={t("admin:user.groupsHelp")}
      placeholder={form.values.group_ids.length === 0 ? t("admin:line.chooseGroups") : undefined}
      data={groups.data?.items.map((group) => ({ value: group.id, label: group.name })) ?? []}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("admin:line.clearGroups") }}
      nothingFoundMessage={t("common:nothingFound")}
      {...form.choice("group_ids")}
      data-testid="user-groups"
    />
  );
}

export function NewPassword({ form, description }: { form: Form<UserValues>; description: string }) {
  const { t } = useTranslation();
  const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));
  return (
    <div>
      <PasswordField
        label={t("admin:user.password")}
        description={description}
        personal={[form.values.name, form.values.email]}
        {...form.text("password")}
        data-testid="user-password"
      />
      <Button
        mt={8}
        variant="default"
        onClick={() => form.set({ password: generatePassword(random) })}
        data-testid="user-generate"
      >
        {t("admin:user.generate")}
      </Button>
    </div>
  );
}
