// Tickets linked to the conversation: create one from it, change its fields in place, unlink it.
import { Menu, NativeSelect } from "@mantine/core";
import { IconDots, IconLink, IconPlus, IconTicket, IconUnlink } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, remove } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Conversation, Priority, Ticket, TicketStatus, TicketType } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { refreshConversation } from "./cache.ts";
import styles from "./panel.module.css";
import { PanelBlock } from "./panel-block.tsx";
import { priorities } from "./priority-menu.tsx";
import { conversationQuery, operatorsQuery } from "./queries.ts";

const TicketDialog = lazy(() => import("./ticket-dialog.tsx"));
const TicketLinkDialog = lazy(() => import("./ticket-link-dialog.tsx"));

export const ticketTypes: TicketType[] = ["question", "incident", "claim", "suggestion"];
export const ticketStatuses: TicketStatus[] = [
  "new",
  "accepted",
  "in_progress",
  "waiting",
  "resolved",
  "closed",
];

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
  const { data: operators } = useQuery({ ...operatorsQuery, enabled: editable });
  const key = conversationQuery(conversation.id).queryKey;

  const change = async (shown: Partial<Ticket>, body: Record<string, unknown>) => {
    const put = (next: Ticket) =>
      client.setQueryData(key, (old) =>
        old ? { ...old, tickets: old.tickets.map((each) => (each.id === next.id ? next : each)) } : old,
      );
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

  const ownerOptions = [
    { value: "", label: t("desk:owner.none") },
    ...(operators ?? (ticket.owner ? [ticket.owner] : [])).map((each) => ({
      value: each.id,
      label: each.name,
    })),
  ];
  const field = {
    size: "xs" as const,
    disabled: !editable,
    variant: "unstyled" as const,
    classNames: { input: styles.select },
  };
  return (
    <article className={styles.ticket} data-testid="ticket">
      <header className={styles.ticketHead}>
        <IconTicket size={16} stroke={1.5} />
        <span className="tnum">{ticket.number}</span>
        <span className={styles.ticketSubject} title={ticket.subject}>
          {ticket.subject}
        </span>
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
              void change({ status }, { status });
            }}
          />
        </dd>
        <dt>{t("desk:ticket.type")}</dt>
        <dd>
          <NativeSelect
            {...field}
            aria-label={t("desk:ticket.type")}
            value={ticket.type}
            data={ticketTypes.map((value) => ({ value, label: t(`desk:ticket.types.${value}`) }))}
            onChange={(event) => {
              const type = event.currentTarget.value as TicketType;
              void change({ type }, { type });
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
              void change({ priority }, { priority });
            }}
          />
        </dd>
        <dt>{t("desk:ticket.owner")}</dt>
        <dd>
          <NativeSelect
            {...field}
            aria-label={t("desk:ticket.owner")}
            value={ticket.owner?.id ?? ""}
            data={ownerOptions}
            onChange={(event) => {
              const owner = operators?.find((each) => each.id === event.currentTarget.value) ?? null;
              void change({ owner }, { owner_id: owner?.id ?? null });
            }}
          />
        </dd>
      </dl>
    </article>
  );
}
