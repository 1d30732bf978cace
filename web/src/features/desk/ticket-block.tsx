// Tickets linked to the conversation: create one from it, change its fields in place, unlink it.
import { Menu } from "@mantine/core";
import { IconDots, IconLink, IconPlus, IconTicket, IconUnlink } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, remove } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Conversation, Ticket } from "@/api/types.ts";
import { DueBadge } from "@/ui/due-badge.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { OutageNote } from "@/ui/outage-note.tsx";
import { TariffBadge } from "@/ui/tariff-badge.tsx";
import { refreshConversation } from "./cache.ts";
import styles from "./panel.module.css";
import { PanelBlock } from "./panel-block.tsx";
import { conversationQuery } from "./queries.ts";
import { TicketFields, type TicketPatch } from "./tickets/ticket-fields.tsx";

const TicketDialog = lazy(() => import("./ticket-dialog.tsx"));
const TicketLinkDialog = lazy(() => import("./ticket-link-dialog.tsx"));

export function TicketBlock({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const can = useCan();
  const [creating, setCreating] = useState(false);
  const [linking, setLinking] = useState(false);
  const editable = can("tickets.edit");
  return (
    <PanelBlock
      id="tickets"
      title={t("desk:ticket.title")}
      count={conversation.tickets.length > 1 ? conversation.tickets.length : undefined}
      action={
        editable && (
          <>
            <IconButton
              label={t("desk:ticket.link")}
              size={24}
              onClick={() => setLinking(true)}
              data-testid="link-ticket"
            >
              <IconLink size={16} stroke={1.6} />
            </IconButton>
            <IconButton
              label={t("desk:ticket.create")}
              size={24}
              onClick={() => setCreating(true)}
              data-testid="create-ticket"
            >
              <IconPlus size={16} stroke={1.6} />
            </IconButton>
          </>
        )
      }
    >
      {conversation.tickets.length === 0 && (
        <p className={styles.muted}>
          {t("desk:ticket.none")}
          {editable && (
            <>
              {" "}
              <button type="button" className={styles.inlineLink} onClick={() => setCreating(true)}>
                {t("desk:ticket.create")}
              </button>
            </>
          )}
        </p>
      )}
      {conversation.tickets.map((ticket) => (
        <TicketCard key={ticket.id} ticket={ticket} conversation={conversation} editable={editable} />
      ))}
      {linking && (
        <Suspense>
          <TicketLinkDialog conversation={conversation} onClose={() => setLinking(false)} />
        </Suspense>
      )}
      {creating && (
        <Suspense>
          <TicketDialog conversation={conversation} onClose={() => setCreating(false)} />
        </Suspense>
      )}
    </PanelBlock>
  );
}

function TicketCard({
  ticket,
  conversation,
  editable,
}: {
  ticket: Ticket;
  conversation: Conversation;
  editable: boolean;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = conversationQuery(conversation.id).queryKey;

  const put = (next: Ticket) =>
    client.setQueryData(key, (old) =>
      old ? { ...old, tickets: old.tickets.map((each) => (each.id === next.id ? next : each)) } : old,
    );
  const change = async (shown: Partial<Ticket>, body: TicketPatch) => {
    put({ ...ticket, ...shown });
    try {
      put(await patch<Ticket>(`/tickets/${ticket.id}`, body));
    } catch (error) {
      put(ticket);
      notifyError(error);
    }
  };
  const unlink = async () => {
    try {
      await remove(`/conversations/${conversation.id}/tickets/${ticket.id}`);
      await refreshConversation(client, conversation.id);
    } catch (error) {
      notifyError(error);
    }
  };

  return (
    <article className={styles.ticket} data-testid="ticket">
      <header className={styles.ticketHead}>
        <IconTicket size={16} stroke={1.5} />
        <Link
          to="/tickets/$number"
          params={{ number: String(ticket.number) }}
          className={styles.ticketSubject}
          title={ticket.subject}
          data-testid="ticket-link"
        >
          <span className="tnum">{ticket.number}</span> {ticket.subject}
        </Link>
        <TariffBadge faults={ticket.tariff} />
        {ticket.due && <DueBadge due={ticket.due} of="ticket" />}
        {editable && (
          <Menu position="bottom-end">
            <Menu.Target>
              <IconButton label={t("desk:ticket.menu")} size={24}>
                <IconDots size={16} stroke={1.5} />
              </IconButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconUnlink size={18} stroke={1.5} />} onClick={() => void unlink()}>
                {t("desk:ticket.unlink")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </header>
      <OutageNote service={ticket.service} />
      <TicketFields
        ticket={ticket}
        editable={editable}
        onChange={(shown, body) => void change(shown, body)}
        onSaved={put}
      />
    </article>
  );
}
