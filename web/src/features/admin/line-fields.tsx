// The fields of a line, by tab: who it is, who works on it.
import { Button, MultiSelect, Radio, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { Form } from "@/ui/use-form.ts";
import { GroupDialog } from "./group-dialog.tsx";
import { type LineValues, suggestKey } from "./line-form.ts";
import { LineTitle } from "./line-title.tsx";
import { groupsQuery } from "./queries.ts";

/** `suggesting`: the key follows the name until somebody types one. */
export function LineGeneral({ form, suggesting = false }: { form: Form<LineValues>; suggesting?: boolean }) {
  const { t } = useTranslation();
  const { name, key } = form.values;
  const follows = suggesting && (key === "" || key === suggestKey(name));
  return (
    <>
      <TextInput
        label={t("admin:line.name")}
        description={t("admin:line.nameHelp")}
        {...form.text("name")}
        onChange={(event) => {
          const next = event.currentTarget.value;
          form.set(follows ? { name: next, key: suggestKey(next) } : { name: next });
        }}
        data-testid="line-name"
      />
      <TextInput
        label={t("admin:line.key")}
        description={t("admin:line.keyHelp")}
        {...form.text("key")}
        onChange={(event) => form.set({ key: event.currentTarget.value.toUpperCase() })}
        data-testid="line-key"
      />
      <TextInput
        label={t("admin:line.publicName")}
        description={t("admin:line.publicNameHelp")}
        placeholder={name}
        {...form.text("public_name")}
        data-testid="line-public-name"
      />
      <Radio.Group
        label={t("admin:line.kind")}
        value={form.values.kind}
        onChange={(kind) => form.set({ kind: kind as LineValues["kind"] })}
      >
        <Stack gap={8} mt={6}>
          {(["external", "internal"] as const).map((kind) => (
            <Radio
              key={kind}
              value={kind}
              label={t(`admin:line.kinds.${kind}`)}
              description={t(`admin:line.kindHelp.${kind}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        label={t("admin:line.description")}
        description={t("admin:line.descriptionHelp")}
        autosize
        minRows={2}
        maxRows={8}
        {...form.text("description")}
      />
      <Switch
        label={t("admin:line.hideOperators")}
        description={t("admin:line.hideOperatorsHelp")}
        {...form.flag("hide_operators")}
        data-testid="line-hide-operators"
      />
      <LineTitle form={form} />
    </>
  );
}

export function LineGroups({ form }: { form: Form<LineValues> }) {
  const { t } = useTranslation();
  const can = useCan();
  const groups = useQuery(groupsQuery);
  const [creating, setCreating] = useState(false);
  const data = groups.data?.items.map((group) => ({ value: group.id, label: group.name })) ?? [];
  return (
    <>
      {(["operator_group_ids", "supervisor_group_ids", "reader_group_ids"] as const).map((field) => (
        <MultiSelect
          key={field}
          label={t(`admin:line.groups.${field}`)}
          description={t(`admin:line.groupsHelp.${field}`)}
          placeholder={form.values[field].length === 0 ? t("admin:line.chooseGroups") : undefined}
          data={data}
          searchable
          clearable
          clearButtonProps={{ "aria-label": t("admin:line.clearGroups") }}
          nothingFoundMessage={t("common:nothingFound")}
          {...form.choice(field)}
          data-testid={field.replaceAll("_", "-")}
        />
      ))}
      {can("users.manage") && (
        <div>
          <Button
            variant="default"
            leftSection={<IconPlus size={18} stroke={1.5} />}
            onClick={() => setCreating(true)}
            data-testid="line-new-group"
          >
            {t("admin:groups.create")}
          </Button>
        </div>
      )}
      <GroupDialog
        opened={creating}
        onClose={() => setCreating(false)}
        onCreated={(group) => form.set({ operator_group_ids: [...form.values.operator_group_ids, group.id] })}
      />
    </>
  );
}
