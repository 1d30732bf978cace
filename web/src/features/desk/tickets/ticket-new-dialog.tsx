// A ticket that no conversation began: a call of a colleague, a thing that was noticed.
import { NativeSelect } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { NewTicket, RegisteredTicket, Ticket } from "@/api/types.ts";
import { linesQuery } from "../queries.ts";
import { ClientSelect } from "./client-select.tsx";
import { NewTicketForm } from "./new-ticket-form.tsx";
import { ticketQuery, ticketsKey } from "./queries.ts";

export default function TicketNewDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: lines } = useQuery(linesQuery);
  const [chosen, setChosen] = useState("");
  const [contact, setContact] = useState("");
  const line = chosen || lines?.items[0]?.id || "";

  const create = async (ticket: NewTicket, idempotencyKey: string) => {
    const body: RegisteredTicket = { ...ticket, line_id: line, contact_id: contact || null };
    const made = await post<Ticket>("/tickets", body, { idempotencyKey });
    client.setQueryData(ticketQuery(made.id).queryKey, made);
    void client.invalidateQueries({ queryKey: ticketsKey });
    void client.invalidateQueries({ queryKey: ["tariff"] });
    onClose();
    void navigate({ to: "/tickets/$number", params: { number: String(made.number) } });
  };
  return (
    <NewTicketForm
      title={t("desk:tickets.create")}
      contact={contact}
      ready={line !== ""}
      more={(faults) => (
        <>
          {(lines?.items.length ?? 0) > 1 && (
            <NativeSelect
              label={t("desk:tickets.line")}
              value={line}
              onChange={(event) => {
                setChosen(event.currentTarget.value);
                setContact("");
              }}
              error={faults.line_id}
              data={(lines?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
          {can("contacts.view") && (
            <ClientSelect
              key={line}
              line={line}
              value={contact}
              error={faults.contact_id}
              onChange={setContact}
            />
          )}
        </>
      )}
      onCreate={create}
      onClose={onClose}
    />
  );
}
