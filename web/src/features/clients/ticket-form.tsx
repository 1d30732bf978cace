// Makes a ticket of what a client wants; the case registers by itself.
import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Ticket } from "@/api/types.ts";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { OutageNote } from "@/ui/outage-note.tsx";
import { TariffNote } from "@/ui/tariff-note.tsx";
import type { FormProps } from "./client-dialog.tsx";
import { refreshClients, servicesQuery } from "./queries.ts";
import { openCase } from "./use-actions.tsx";

export function TicketForm({ line, client, onClose }: FormProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [subject, setSubject] = useState("");
  const [service, setService] = useState("");
  const { data: folders } = useQuery(servicesQuery);
  const offered = (folders?.items ?? [])
    .filter((folder) => !folder.archived)
    .map((folder) => ({ ...folder, services: folder.services.filter((each) => !each.archived) }))
    .filter((folder) => folder.services.length > 0);
  const home = offered.find((folder) => folder.services.some(({ id }) => id === service));
  const save = useMutation({
    mutationFn: async () => {
      const id = await openCase(line, client.id, "start");
      return post<Ticket>(`/conversations/${id}/tickets`, {
        subject: subject.trim(),
        service_id: service || null,
      });
    },
    onSuccess: (ticket) => {
      notifyDone(t("clients:ticket.made", { number: ticket.number }));
      refreshClients(queries, line);
      void queries.invalidateQueries({ queryKey: ["tariff"] });
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
      {offered.length > 0 && (
        <NativeSelect
          mt="sm"
          label={t("desk:ticket.service")}
          value={service}
          onChange={(event) => setService(event.currentTarget.value)}
          data={[
            { value: "", label: t("desk:ticket.noService") },
            ...offered.map((folder) => ({
              group: folder.name,
              items: folder.services.map(({ id, name }) => ({ value: id, label: name })),
            })),
          ]}
          data-testid="ticket-service"
        />
      )}
      <div style={{ display: "grid", gap: 8, marginTop: 12 }}>
        <OutageNote service={home && { id: service, catalogue: home.name }} />
        <TariffNote contact={client.id} service={service || undefined} />
      </div>
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
