// The dialog of a ticket that is yet to be made. A status that asks for words asks for them in a second dialog, which sends
// the whole; leaving that one comes back to this one as it was.
import { Button, Group, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/http.ts";
import type { Id, NewTicket, Priority, TicketStatus, TicketType } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { OutageNote } from "@/ui/outage-note.tsx";
import { TariffNote } from "@/ui/tariff-note.tsx";
import { priorities } from "../priority-menu.tsx";
import { operatorsQuery } from "../queries.ts";
import { useServiceOptions } from "./service-options.ts";
import { StatusStepDialog } from "./status-step-dialog.tsx";
import { type StepWords, stepOf, ticketStatuses, ticketTypes } from "./statuses.ts";

interface Props {
  title: string;
  start?: { subject: string; priority: Priority; owner: Id };
  /** The client whose plan is told of; empty: nobody in particular. */
  contact: Id;
  /** False while something around these fields is missing. */
  ready?: boolean;
  /** What stands below the subject; it is given what the server says of the fields. */
  more?: (faults: Record<string, string>) => ReactNode;
  /** Makes it; sent twice with the same key it is made once. */
  onCreate: (ticket: NewTicket, key: string) => Promise<void>;
  onClose: () => void;
}

const nothing = { subject: "", priority: "none" as Priority, owner: "" };

export function NewTicketForm({
  title,
  start = nothing,
  contact,
  ready = true,
  more,
  onCreate,
  onClose,
}: Props) {
  const { t } = useTranslation();
  const { data: operators } = useQuery(operatorsQuery);
  const services = useServiceOptions();
  const [values, setValues] = useState({
    ...start,
    type: "question" as TicketType,
    status: "new" as TicketStatus,
    service: "",
  });
  const set = (change: Partial<typeof values>) => setValues((old) => ({ ...old, ...change }));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const step = stepOf(values.status);
  const subject = values.subject.trim();

  const create = (words?: StepWords) => {
    const { type, priority, owner, status, service } = values;
    const owner_id = owner || null;
    return onCreate(
      { subject, type, priority, owner_id, status, service_id: service || null, ...words },
      key,
    );
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (step) return setAsking(true);
    setBusy(true);
    try {
      await create();
    } catch (error) {
      if (error instanceof ApiError && Object.keys(error.fields).length > 0) setFaults(error.fields);
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
        title={title}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        <form onSubmit={(event) => void submit(event)} style={{ display: "grid", gap: 12 }}>
          <TextInput
            label={t("desk:ticket.subject")}
            value={values.subject}
            onChange={(event) => set({ subject: event.currentTarget.value })}
            error={faults.subject}
            required
            data-autofocus
            data-testid="new-ticket-subject"
          />
          {more?.(faults)}
          {services.some && (
            <NativeSelect
              label={t("desk:ticket.service")}
              value={values.service}
              onChange={(event) => set({ service: event.currentTarget.value })}
              error={faults.service_id}
              data={services.options}
              data-testid="new-ticket-service"
            />
          )}
          <OutageNote service={services.find(values.service)} />
          <TariffNote contact={contact} service={values.service || undefined} />
          <Group grow gap="sm">
            <NativeSelect
              label={t("desk:ticket.type")}
              value={values.type}
              onChange={(event) => set({ type: event.currentTarget.value as TicketType })}
              error={faults.type}
              data={ticketTypes.map((value) => ({ value, label: t(`desk:ticket.types.${value}`) }))}
            />
            <NativeSelect
              label={t("desk:priority.title")}
              value={values.priority}
              onChange={(event) => set({ priority: event.currentTarget.value as Priority })}
              error={faults.priority}
              data={priorities.map((value) => ({ value, label: t(`desk:priority.${value}`) }))}
            />
          </Group>
          <Group grow gap="sm">
            <NativeSelect
              label={t("desk:ticket.owner")}
              value={values.owner}
              onChange={(event) => set({ owner: event.currentTarget.value })}
              error={faults.owner_id}
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
              disabled={subject === "" || !ready}
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
