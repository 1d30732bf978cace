// A ticket made from the conversation.
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Conversation, NewTicket, Ticket } from "@/api/types.ts";
import { applyRow, refreshConversation, rowOf } from "./cache.ts";
import { conversationQuery } from "./queries.ts";
import { NewTicketForm } from "./tickets/new-ticket-form.tsx";

export default function TicketDialog({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { id, subject, priority, assignee, contact } = conversation;

  const create = async (body: NewTicket, idempotencyKey: string) => {
    const ticket = await post<Ticket>(`/conversations/${id}/tickets`, body, { idempotencyKey });
    client.setQueryData(conversationQuery(id).queryKey, (old) =>
      old ? { ...old, tickets: [...old.tickets.filter((one) => one.id !== ticket.id), ticket] } : old,
    );
    applyRow(client, {
      ...rowOf(conversation),
      ticket: { id: ticket.id, number: ticket.number, status: ticket.status },
    });
    void refreshConversation(client, id);
    void client.invalidateQueries({ queryKey: ["tariff"] });
    onClose();
  };
  return (
    <NewTicketForm
      title={t("desk:ticket.create")}
      start={{ subject, priority, owner: assignee?.id ?? "" }}
      contact={contact.id}
      onCreate={create}
      onClose={onClose}
    />
  );
}
