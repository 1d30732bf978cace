// Makes a ticket of what a client wants; the case registers by itself.
import { Button, Group, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Ticket } from "@/api/types.ts";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import type { FormProps } from "./client-dialog.tsx";
import { refreshClients } from "./queries.ts";
import { openCase } from "./use-actions.tsx";

export function TicketForm({ line, client, onClose }: FormProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [subject, setSubject] = useState("");
  const save = useMutation({
    mutationFn: async () => {
      const id = await openCase(line, client.id, "start");
      return post<Ticket>(`/conversations/${id}/tickets`, { subject: subject.trim() });
    },
    onSuccess: (ticket) => {
      notifyDone(t("clients:ticket.made", { number: ticket.number }));
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
      <TextInput
        label={t("clients:ticket.subject")}
        value={subject}
        onChange={(event) => setSubject(event.currentTarget.value)}
        data-autofocus
        data-testid="ticket-subject"
      />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button type="submit" disabled={!subject.trim()} loading={save.isPending} data-testid="ticket-submit">
          {t("clients:action.ticket")}
        </Button>
      </Group>
    </form>
  );
}
