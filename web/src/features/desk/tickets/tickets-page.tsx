// The tickets of one's lines: overdue first, narrowed by what stands in the address.
import { Button } from "@mantine/core";
import { IconFlag3, IconPlus, IconTicket } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { usePages } from "@/api/pages.ts";
import type { Ticket } from "@/api/types.ts";
import type { TicketsSearch } from "@/routes/search.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { Avatar } from "@/ui/avatar.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { DueBadge } from "@/ui/due-badge.tsx";
import { LoadMore } from "@/ui/load-more.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { TariffBadge } from "@/ui/tariff-badge.tsx";
import { Moment } from "@/ui/time.tsx";
import { useTicketsLive } from "./live.ts";
import { ticketsKey } from "./queries.ts";
import { StatusBadge } from "./status-badge.tsx";
import styles from "./tickets.module.css";
import { TicketsFilter } from "./tickets-filter.tsx";
import { WaitingNote } from "./waiting-note.tsx";

const route = getRouteApi("/shell/tickets");
const TicketNewDialog = lazy(() => import("./ticket-new-dialog.tsx"));

export function TicketsPage() {
  return (
    <Allowed need="tickets.view">
      <Tickets />
    </Allowed>
  );
}

/** What the server is asked, for what stands in the address. */
function asked({ owner, status = "open", first = "deadline", beyond, ...rest }: TicketsSearch) {
  const nobody = owner === "none";
  return {
    ...rest,
    status,
    sort: first,
    owner: nobody ? undefined : owner,
    unowned: nobody || undefined,
    over_tariff: beyond,
  };
}

function Tickets() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const search = route.useSearch();
  const [creating, setCreating] = useState(false);
  const pages = usePages<Ticket>(ticketsKey, "/tickets", asked(search));
  useTicketsLive();
  const narrowed = Object.entries(search).some(([key, value]) => value !== undefined && key !== "first");
  const create = can("tickets.edit") && (
    <Button
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => setCreating(true)}
      data-testid="ticket-new"
    >
      {t("desk:tickets.create")}
    </Button>
  );
  return (
    <div className={styles.scroll}>
      <PageFrame wide title={t("desk:tickets.title")} text={t("desk:tickets.text")} actions={create}>
        <TicketsFilter search={search} />
        <DataTable
          label={t("desk:tickets.title")}
          columns={useColumns()}
          rows={pages.rows}
          rowKey={(ticket) => ticket.id}
          rowTestId="ticket-row"
          onOpen={(ticket) =>
            void navigate({ to: "/tickets/$number", params: { number: String(ticket.number) } })
          }
          error={pages.error}
          retry={pages.retry}
          empty={
            narrowed ? (
              <EmptyState
                icon={<IconTicket size={28} stroke={1.5} />}
                title={t("desk:tickets.nothing")}
                text={t("desk:tickets.nothingText")}
                action={
                  <Button variant="default" onClick={() => void navigate({ to: "/tickets", search: {} })}>
                    {t("desk:tickets.reset")}
                  </Button>
                }
              />
            ) : (
              <EmptyState
                icon={<IconTicket size={28} stroke={1.5} />}
                title={t("desk:tickets.emptyTitle")}
                text={t("desk:tickets.emptyText")}
              />
            )
          }
        />
        <LoadMore pages={pages} />
      </PageFrame>
      <Suspense>{creating && <TicketNewDialog onClose={() => setCreating(false)} />}</Suspense>
    </div>
  );
}

function useColumns(): Column<Ticket>[] {
  const { t } = useTranslation();
  return [
    {
      key: "subject",
      title: t("desk:tickets.subject"),
      cell: (ticket) => (
        <div className={styles.cell}>
          <Link to="/tickets/$number" params={{ number: String(ticket.number) }} className={styles.link}>
            {ticket.priority === "high" && (
              <IconFlag3
                size={14}
                stroke={1.6}
                className={styles.high}
                aria-label={t("desk:priority.high")}
              />
            )}
            <span className={`${styles.number} tnum`}>{ticket.number}</span> {ticket.subject}
          </Link>
          {ticket.tariff.length > 0 && (
            <span>
              <TariffBadge faults={ticket.tariff} />
            </span>
          )}
          <span className={styles.note}>
            {[ticket.contact?.name, ticket.contact?.company, ticket.service?.name, ticket.line.name]
              .filter(Boolean)
              .join(" · ")}
          </span>
          <WaitingNote ticket={ticket} />
          <span className={styles.onPhone}>
            <StatusBadge status={ticket.status} />
            {ticket.due && <DueBadge due={ticket.due} of="ticket" />}
          </span>
        </div>
      ),
    },
    {
      key: "status",
      title: t("desk:ticket.status"),
      width: 132,
      secondary: true,
      cell: (ticket) => <StatusBadge status={ticket.status} />,
    },
    {
      key: "due",
      title: t("desk:tickets.due"),
      width: 120,
      secondary: true,
      cell: (ticket) => ticket.due && <DueBadge due={ticket.due} of="ticket" />,
    },
    {
      key: "owner",
      title: t("desk:ticket.owner"),
      width: 200,
      secondary: true,
      cell: ({ owner }) =>
        owner ? (
          <span className={styles.person}>
            <Avatar name={owner.name} color={owner.avatar_color} size={20} />
            <span className={styles.personName}>{owner.name}</span>
          </span>
        ) : (
          <span className={styles.note}>{t("desk:owner.none")}</span>
        ),
    },
    {
      key: "created",
      title: t("desk:tickets.created"),
      width: 100,
      secondary: true,
      align: "right",
      cell: (ticket) => <Moment at={ticket.created_at} className={styles.note} />,
    },
  ];
}
