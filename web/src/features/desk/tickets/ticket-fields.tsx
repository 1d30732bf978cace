// The properties of a ticket, changed in place: status, type, priority, service, owner.
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch } from "@/api/http.ts";
import type { Priority, Ticket, TicketStatus, TicketType } from "@/api/types.ts";
import styles from "../panel.module.css";
import { priorities } from "../priority-menu.tsx";
import { operatorsQuery } from "../queries.ts";
import { useServiceOptions } from "./service-options.ts";
import { StatusStepDialog } from "./status-step-dialog.tsx";
import { type StatusStep, stepOf, ticketStatuses, ticketTypes } from "./statuses.ts";
import { WaitingLine } from "./waiting-note.tsx";

export interface TicketPatch {
  subject?: string;
  status?: TicketStatus;
  type?: TicketType;
  priority?: Priority;
  owner_id?: string | null;
  service_id?: string | null;
}

interface Props {
  ticket: Ticket;
  editable: boolean;
  /** How it looks meanwhile, and what is asked of the server. */
  onChange: (shown: Partial<Ticket>, change: TicketPatch) => void;
  /** What a dialog has saved. */
  onSaved: (ticket: Ticket) => void;
}

export function TicketFields({ ticket, editable, onChange, onSaved }: Props) {
  const { t } = useTranslation();
  const { data: operators } = useQuery({ ...operatorsQuery, enabled: editable });
  const services = useServiceOptions(ticket.service);
  const people = operators ?? [];
  const { owner } = ticket;
  const known = owner && !people.some((each) => each.id === owner.id) ? [owner, ...people] : people;
  const field = {
    size: "xs" as const,
    disabled: !editable,
    variant: "unstyled" as const,
    classNames: { input: styles.select },
  };
  const [asked, setAsked] = useState<{ step: StatusStep; status?: TicketStatus }>({ step: "waiting" });
  const [asking, setAsking] = useState(false);
  const ask = (step: StatusStep, status?: TicketStatus) => {
    setAsked({ step, status });
    setAsking(true);
  };
  return (
    <dl className={styles.fields}>
      <dt>{t("desk:ticket.status")}</dt>
      <dd>
        <NativeSelect
          {...field}
          aria-label={t("desk:ticket.status")}
          value={ticket.status}
          data={ticketStatuses.map((value) => ({ value, label: t(`desk:ticket.statuses.${value}`) }))}
          onChange={(event) => {
            const status = event.currentTarget.value as TicketStatus;
            const step = stepOf(status);
            if (step) ask(step, status);
            else onChange({ status }, { status });
          }}
          data-testid="ticket-status"
        />
        <StatusStepDialog
          step={asked.step}
          opened={asking}
          ticket={ticket}
          again={asked.status === undefined}
          onSave={async (words) =>
            onSaved(await patch<Ticket>(`/tickets/${ticket.id}`, { status: asked.status, ...words }))
          }
          onClose={() => setAsking(false)}
        />
      </dd>
      {ticket.status === "waiting" && (
        <dd className={styles.across}>
          <WaitingLine waiting={ticket.waiting} onChange={editable ? () => ask("waiting") : undefined} />
        </dd>
      )}
      <dt>{t("desk:ticket.type")}</dt>
      <dd>
        <NativeSelect
          {...field}
          aria-label={t("desk:ticket.type")}
          value={ticket.type}
          data={ticketTypes.map((value) => ({ value, label: t(`desk:ticket.types.${value}`) }))}
          onChange={(event) => {
            const type = event.currentTarget.value as TicketType;
            onChange({ type }, { type });
          }}
        />
      </dd>
      <dt>{t("desk:priority.title")}</dt>
      <dd>
        <NativeSelect
          {...field}
          aria-label={t("desk:priority.title")}
          value={ticket.priority}
          data={priorities.map((value) => ({ value, label: t(`desk:priority.${value}`) }))}
          onChange={(event) => {
            const priority = event.currentTarget.value as Priority;
            onChange({ priority }, { priority });
          }}
          data-testid="ticket-priority"
        />
      </dd>
      {services.some && (
        <>
          <dt>{t("desk:ticket.service")}</dt>
          <dd>
            <NativeSelect
              {...field}
              aria-label={t("desk:ticket.service")}
              value={ticket.service?.id ?? ""}
              data={services.options}
              onChange={(event) => {
                const service = services.find(event.currentTarget.value);
                onChange({ service }, { service_id: service?.id ?? null });
              }}
              data-testid="ticket-service"
            />
          </dd>
        </>
      )}
      <dt>{t("desk:ticket.owner")}</dt>
      <dd>
        <NativeSelect
          {...field}
          aria-label={t("desk:ticket.owner")}
          value={owner?.id ?? ""}
          data={[
            { value: "", label: t("desk:owner.none") },
            ...known.map((each) => ({ value: each.id, label: each.name })),
          ]}
          onChange={(event) => {
            const next = known.find((each) => each.id === event.currentTarget.value) ?? null;
            onChange({ owner: next }, { owner_id: next?.id ?? null });
          }}
          data-testid="ticket-owner"
        />
      </dd>
    </dl>
  );
}
