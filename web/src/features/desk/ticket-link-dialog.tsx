// Links the conversation to a ticket that is there already, found by its number or subject.
import { Modal, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, post } from "@/api/http.ts";
import type { Conversation, Page, Ticket } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import { refreshConversation } from "./cache.ts";
import styles from "./panel.module.css";

export default function TicketLinkDialog({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const search = useDebounced(text.trim(), 250);
  const found = useQuery({
    queryKey: ["tickets", search],
    queryFn: ({ signal }) => get<Page<Ticket>>("/tickets", { search, limit: 20 }, signal),
  });
  const link = useMutation({
    mutationFn: (ticket: Ticket) => post(`/conversations/${conversation.id}/tickets/${ticket.id}`),
    onSuccess: async () => {
      await refreshConversation(client, conversation.id);
      onClose();
    },
    onError: (error) => notifyError(error),
  });
  const known = conversation.tickets.map((ticket) => ticket.id);
  const items = found.data?.items.filter((ticket) => !known.includes(ticket.id)) ?? [];
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("desk:ticket.link")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <TextInput
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder={t("desk:ticket.find")}
        aria-label={t("desk:ticket.find")}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        data-autofocus
        data-testid="ticket-find"
      />
      {found.error ? (
        <ErrorState error={found.error} retry={() => void found.refetch()} compact />
      ) : found.isSuccess && items.length === 0 ? (
        <EmptyState compact title={t("common:nothingFound")} />
      ) : (
        <ul className={styles.history} style={{ marginTop: 12 }}>
          {items.map((ticket) => (
            <li key={ticket.id}>
              <UnstyledButton
                className={styles.past}
                w="100%"
                onClick={() => link.mutate(ticket)}
                disabled={link.isPending}
                data-testid="ticket-found"
              >
                <span className={styles.pastSubject}>{ticket.subject}</span>
                <span className={styles.pastMeta}>
                  <span className="tnum">{ticket.number}</span>
                  <span>{t(`desk:ticket.statuses.${ticket.status}`)}</span>
                  {ticket.contact && <span>{ticket.contact.name}</span>}
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </Modal>
  );
}
