// Where a channel's conversations go: its line, the group of operators, its name among colleagues.
import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Form } from "@/ui/use-form.ts";
import type { ChannelValues } from "./channel-form.ts";
import { groupsQuery, openLinesQuery } from "./queries.ts";

export function LineFields({ form, placeholder }: { form: Form<ChannelValues>; placeholder: string }) {
  const { t } = useTranslation();
  const lines = useQuery(openLinesQuery);
  const groups = useQuery(groupsQuery);
  const { line_id, name, group_id } = form.values;
  const line = lines.data?.items.find((each) => each.id === line_id);
  // Only groups that work on the line may get its conversations.
  const offered = (groups.data?.items ?? []).filter((group) =>
    line?.operator_groups.some((each) => each.id === group.id),
  );
  return (
    <>
      <NativeSelect
        label={t("channels:form.line")}
        description={t("channels:form.lineHelp")}
        data={[
          { value: "", label: t("channels:form.chooseLine"), disabled: true },
          ...(lines.data?.items ?? []).map((each) => ({ value: each.id, label: each.name })),
        ]}
        value={line_id}
        error={form.errors.line_id}
        onChange={(event) => form.set({ line_id: event.currentTarget.value, group_id: "" })}
        data-testid="channel-line"
      />
      <NativeSelect
        label={t("channels:form.group")}
        description={t("channels:form.groupHelp")}
        data={[
          { value: "", label: t("channels:form.allGroups") },
          ...offered.map((group) => ({ value: group.id, label: group.name })),
        ]}
        disabled={offered.length === 0}
        value={group_id}
        error={form.errors.group_id}
        onChange={(event) => form.set({ group_id: event.currentTarget.value })}
        data-testid="channel-group"
      />
      <TextInput
        label={t("channels:form.name")}
        description={t("channels:form.nameHelp")}
        placeholder={placeholder}
        value={name}
        error={form.errors.name}
        onChange={(event) => form.set({ name: event.currentTarget.value })}
        data-testid="channel-name"
      />
    </>
  );
}
