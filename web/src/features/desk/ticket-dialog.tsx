// A ticket made from the conversation.
import { Button, Group, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, patch, post } from "@/api/http.ts";
import type { Conversation, NewTicket, Priority, Ticket, TicketStatus, TicketType } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { OutageNote } from "@/ui/outage-note.tsx";
import { TariffNote } from "@/ui/tariff-note.tsx";
import { applyRow, refreshConversation, rowOf } from "./cache.ts";
import { priorities } from "./priority-menu.tsx";
import { conversationQuery, operatorsQuery } from "./queries.ts";
import { useServiceOptions } from "./tickets/service-options.ts";
import { StatusStepDialog } from "./tickets/status-step-dialog.tsx";
import { type StepWords, stepOf, ticketStatuses, ticketTypes } from "./tickets/statuses.ts";

export default function TicketDialog({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: operators } = useQuery(operatorsQuery);
  const [subject, setSubject] = useState(conversation.subject);
  const [type, setType] = useState<TicketType>("question");
  const [priority, setPriority] = useState<Priority>(conversation.priority);
  const [owner, setOwner] = useState(conversation.assignee?.id ?? "");
  const [status, setStatus] = useState<TicketStatus>("new");
  const [service, setService] = useState("");
  const services = useServiceOptions();
  const [fields, setFields] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const step = stepOf(status);
  const [asking, setAsking] = useState(false);

  const create = async (words?: StepWords) => {
    const body: NewTicket = {
      subject: subject.trim(),
      type,
      priority,
      owner_id: owner || null,
      status,
      service_id: service || null,
    };
    const made = await post<Ticket>(`/conversations/${conversation.id}/tickets`, body, {
      idempotencyKey: key,
    });
    const ticket = words ? await patch<Ticket>(`/tickets/${made.id}`, words) : made;
    client.setQueryData(conversationQuery(conversation.id).queryKey, (old) =>
      old ? { ...old, tickets: [...old.tickets.filter(({ id }) => id !== ticket.id), ticket] } : old,
    );
    applyRow(client, {
      ...rowOf(conversation),
      ticket: { id: ticket.id, number: ticket.number, status: ticket.status },
    });
    void refreshConversation(client, conversation.id);
    void client.invalidateQueries({ queryKey: ["tariff"] });
    onClose();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (step) return setAsking(true);
    setBusy(true);
    try {
      await create();
    } catch (error) {
      if (error instanceof ApiError && Object.keys(error.fields).length > 0) setFields(error.fields);
      else notifyError(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Modal
        opened={!asking}
        keepMounted
        onClose={onClose}
        title={t("desk:ticket.create")}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        <form onSubmit={(event) => void submit(event)} style={{ display: "grid", gap: 12 }}>
          <TextInput
            label={t("desk:ticket.subject")}
            value={subject}
            onChange={(event) => setSubject(event.currentTarget.value)}
            error={fields.subject}
            required
            data-autofocus
          />
          <Group grow gap="sm">
            <NativeSelect
              label={t("desk:ticket.type")}
              value={type}
              onChange={(event) => setType(event.currentTarget.value as TicketType)}
              error={fields.type}
              data={ticketTypes.map((value) => ({ value, label: t(`desk:ticket.types.${value}`) }))}
            />
            <NativeSelect
              label={t("desk:priority.title")}
              value={priority}
              onChange={(event) => setPriority(event.currentTarget.value as Priority)}
              error={fields.priority}
              data={priorities.map((value) => ({ value, label: t(`desk:priority.${value}`) }))}
            />
          </Group>
          {services.some && (
            <NativeSelect
              label={t("desk:ticket.service")}
              value={service}
              onChange={(event) => setService(event.currentTarget.value)}
              error={fields.service_id}
              data={services.options}
              data-testid="new-ticket-service"
            />
          )}
          <OutageNote service={services.find(service)} />
          <TariffNote contact={conversation.contact.id} service={service || undefined} />
          <Group grow gap="sm">
            <NativeSelect
              label={t("desk:ticket.owner")}
              value={owner}
              onChange={(event) => setOwner(event.currentTarget.value)}
              error={fields.owner_id}
              data={[
                { value: "", label: t("desk:owner.none") },
                ...(operators ?? []).map((each) => ({ value: each.id, label: each.name })),
              ]}
            />
            <NativeSelect
              label={t("desk:ticket.status")}
              value={status}
              onChange={(event) => setStatus(event.currentTarget.value as TicketStatus)}
              data={ticketStatuses.map((value) => ({ value, label: t(`desk:ticket.statuses.${value}`) }))}
              data-testid="new-ticket-status"
            />
          </Group>
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t("common:cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={!subject.trim()} data-testid="save-ticket">
              {t("desk:ticket.save")}
            </Button>
          </Group>
        </form>
      </Modal>
      {step && (
        <StatusStepDialog step={step} opened={asking} onSave={create} onClose={() => setAsking(false)} />
      )}
    </>
  );
}
