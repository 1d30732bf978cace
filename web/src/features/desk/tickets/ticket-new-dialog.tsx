// A ticket that no conversation began: a call of a colleague, a thing that was noticed.
import { Button, Group, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, patch, post } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Priority, RegisteredTicket, Ticket, TicketStatus, TicketType } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { OutageNote } from "@/ui/outage-note.tsx";
import { TariffNote } from "@/ui/tariff-note.tsx";
import { priorities } from "../priority-menu.tsx";
import { linesQuery, operatorsQuery } from "../queries.ts";
import { ClientSelect } from "./client-select.tsx";
import { ticketQuery, ticketsKey } from "./queries.ts";
import { useServiceOptions } from "./service-options.ts";
import { StatusStepDialog } from "./status-step-dialog.tsx";
import { type StepWords, stepOf, ticketStatuses, ticketTypes } from "./statuses.ts";

export default function TicketNewDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: lines } = useQuery(linesQuery);
  const { data: operators } = useQuery(operatorsQuery);
  const services = useServiceOptions();
  const [values, setValues] = useState({
    subject: "",
    line: "",
    contact: "",
    type: "question" as TicketType,
    priority: "none" as Priority,
    owner: "",
    status: "new" as TicketStatus,
    service: "",
  });
  const set = (change: Partial<typeof values>) => setValues((old) => ({ ...old, ...change }));
  const [fields, setFields] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const line = values.line || lines?.items[0]?.id || "";
  const step = stepOf(values.status);
  const [asking, setAsking] = useState(false);

  const create = async (words?: StepWords) => {
    const body: RegisteredTicket = {
      line_id: line,
      contact_id: values.contact || null,
      subject: values.subject.trim(),
      type: values.type,
      priority: values.priority,
      owner_id: values.owner || null,
      status: values.status,
      service_id: values.service || null,
    };
    const made = await post<Ticket>("/tickets", body, { idempotencyKey: key });
    const ticket = words ? await patch<Ticket>(`/tickets/${made.id}`, words) : made;
    client.setQueryData(ticketQuery(ticket.id).queryKey, ticket);
    void client.invalidateQueries({ queryKey: ticketsKey });
    void client.invalidateQueries({ queryKey: ["tariff"] });
    onClose();
    void navigate({ to: "/tickets/$number", params: { number: String(ticket.number) } });
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
      setBusy(false);
    }
  };

  return (
    <>
      <Modal
        opened={!asking}
        keepMounted
        onClose={onClose}
        title={t("desk:tickets.create")}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        <form onSubmit={(event) => void submit(event)} style={{ display: "grid", gap: 12 }}>
          <TextInput
            label={t("desk:ticket.subject")}
            value={values.subject}
            onChange={(event) => set({ subject: event.currentTarget.value })}
            error={fields.subject}
            required
            data-autofocus
            data-testid="new-ticket-subject"
          />
          {(lines?.items.length ?? 0) > 1 && (
            <NativeSelect
              label={t("desk:tickets.line")}
              value={line}
              onChange={(event) => set({ line: event.currentTarget.value, contact: "" })}
              error={fields.line_id}
              data={(lines?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
          {can("contacts.view") && (
            <ClientSelect
              key={line}
              line={line}
              value={values.contact}
              error={fields.contact_id}
              onChange={(contact) => set({ contact })}
            />
          )}
          {services.some && (
            <NativeSelect
              label={t("desk:ticket.service")}
              value={values.service}
              onChange={(event) => set({ service: event.currentTarget.value })}
              error={fields.service_id}
              data={services.options}
              data-testid="new-ticket-service"
            />
          )}
          <OutageNote service={services.find(values.service)} />
          <TariffNote contact={values.contact} service={values.service || undefined} />
          <Group grow gap="sm">
            <NativeSelect
              label={t("desk:ticket.type")}
              value={values.type}
              onChange={(event) => set({ type: event.currentTarget.value as TicketType })}
              error={fields.type}
              data={ticketTypes.map((value) => ({ value, label: t(`desk:ticket.types.${value}`) }))}
            />
            <NativeSelect
              label={t("desk:priority.title")}
              value={values.priority}
              onChange={(event) => set({ priority: event.currentTarget.value as Priority })}
              error={fields.priority}
              data={priorities.map((value) => ({ value, label: t(`desk:priority.${value}`) }))}
            />
          </Group>
          <Group grow gap="sm">
            <NativeSelect
              label={t("desk:ticket.owner")}
              value={values.owner}
              onChange={(event) => set({ owner: event.currentTarget.value })}
              error={fields.owner_id}
              data={[
                { value: "", label: t("desk:owner.none") },
                ...(operators ?? []).map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
            <NativeSelect
              label={t("desk:ticket.status")}
              value={values.status}
              onChange={(event) => set({ status: event.currentTarget.value as TicketStatus })}
              data={ticketStatuses.map((value) => ({ value, label: t(`desk:ticket.statuses.${value}`) }))}
              data-testid="new-ticket-status"
            />
          </Group>
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t("common:cancel")}
            </Button>
            <Button
              type="submit"
              loading={busy}
              disabled={!values.subject.trim() || line === ""}
              data-testid="new-ticket-save"
            >
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
