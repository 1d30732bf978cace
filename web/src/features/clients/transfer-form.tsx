// Hands the open case over to a colleague of the line.
import { Button, Group, NativeSelect } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import { notifyError } from "@/ui/notify.ts";
import type { FormProps } from "./client-dialog.tsx";
import { colleaguesQuery, refreshClients } from "./queries.ts";

export function TransferForm({ line, client, onClose }: FormProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data } = useQuery(colleaguesQuery);
  const serving =
    data?.filter((one) => one.lines.includes(line) && one.id !== client.last?.assignee?.id) ?? [];
  const [to, setTo] = useState("");
  const save = useMutation({
    mutationFn: () => put(`/conversations/${client.last?.id}/assignee`, { user_id: to }),
    onSuccess: () => {
      refreshClients(queries, line);
      onClose();
    },
    onError: (error) => notifyError(error),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <NativeSelect
        label={t("clients:transfer.to")}
        value={to}
        data={[
          { value: "", label: t("clients:transfer.choose") },
          ...serving.map((one) => ({ value: one.id, label: one.name })),
        ]}
        onChange={(event) => setTo(event.currentTarget.value)}
        data-autofocus
        data-testid="transfer-to"
      />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button type="submit" disabled={!to} loading={save.isPending} data-testid="transfer-submit">
          {t("clients:action.transfer")}
        </Button>
      </Group>
    </form>
  );
}
