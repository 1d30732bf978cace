// One ticket: what it is about, its properties, what was promised of it, how long it was in each status, what happened.
import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { patch } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Ticket } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { DueBadge } from "@/ui/due-badge.tsx";
import { notifyError } from "@/ui/notify.ts";
import { OutageNote } from "@/ui/outage-note.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { Delayed, ErrorState } from "@/ui/states.tsx";
import { TariffBadge, TariffFaults } from "@/ui/tariff-badge.tsx";
import { Moment } from "@/ui/time.tsx";
import panel from "../panel.module.css";
import { PanelBlock } from "../panel-block.tsx";
import { PromisesBlock } from "../promises-block.tsx";
import { StagesBlock } from "../stages/stages-block.tsx";
import { TasksBlock } from "../tasks/tasks-block.tsx";
import { useTicketsLive } from "./live.ts";
import { ticketNumberQuery, ticketQuery, ticketsKey } from "./queries.ts";
import { SolutionBlock } from "./solution-block.tsx";
import { StatusBadge } from "./status-badge.tsx";
import { TicketFields, type TicketPatch } from "./ticket-fields.tsx";
import { TicketHistory } from "./ticket-history.tsx";
import { TicketSubject } from "./ticket-subject.tsx";
import styles from "./tickets.module.css";

const route = getRouteApi("/shell/tickets/$number");

export function TicketPage() {
  const { number } = route.useParams();
  const found = useQuery(ticketNumberQuery(number));
  return (
    <Allowed need="tickets.view">
      <div className={styles.scroll}>
        {found.data ? (
          <Card key={found.data} id={found.data} />
        ) : found.error ? (
          <ErrorState error={found.error} retry={() => void found.refetch()} />
        ) : (
          <Loading />
        )}
      </div>
    </Allowed>
  );
}

function Loading() {
  return (
    <Delayed>
      <div className={styles.loading}>
        <Skeleton height={24} width="40%" />
        <Skeleton height={160} mt={24} />
      </div>
    </Delayed>
  );
}

function Card({ id }: { id: string }) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const ticket = useQuery(ticketQuery(id));
  useTicketsLive(id);
  const { queryKey } = ticketQuery(id);
  const put = (saved: Ticket) => {
    client.setQueryData(queryKey, saved);
    void client.invalidateQueries({ queryKey: ticketsKey });
  };
  const change = async (shown: Partial<Ticket>, body: TicketPatch) => {
    const before = client.getQueryData(queryKey);
    if (before) client.setQueryData(queryKey, { ...before, ...shown });
    try {
      put(await patch<Ticket>(`/tickets/${id}`, body));
    } catch (error) {
      client.setQueryData(queryKey, before);
      notifyError(error);
    }
  };
  if (!ticket.data) {
    return ticket.error ? (
      <ErrorState error={ticket.error} retry={() => void ticket.refetch()} />
    ) : (
      <Loading />
    );
  }
  const { number, subject, status, due, service, tariff, contact, line, created_at, conversations } =
    ticket.data;
  const editable = can("tickets.edit");
  return (
    <PageFrame
      wide
      title={t("desk:tickets.one", { number })}
      back={<Link to="/tickets">{t("desk:tickets.title")}</Link>}
      actions={
        <div className={styles.state}>
          <TariffBadge faults={tariff} />
          {due && <DueBadge due={due} of="ticket" />}
          <StatusBadge status={status} />
        </div>
      }
    >
      <TicketSubject
        key={subject}
        subject={subject}
        editable={editable}
        onChange={(next) => void change({ subject: next }, { subject: next })}
      />
      <div className={styles.notes}>
        <OutageNote service={service} />
        <TariffFaults faults={tariff} />
      </div>
      <div className={styles.card} data-testid="ticket-card">
        <div className={styles.side}>
          <PanelBlock id="ticket-fields" title={t("desk:tickets.fields")}>
            <TicketFields
              ticket={ticket.data}
              editable={editable}
              onChange={(shown, body) => void change(shown, body)}
              onSaved={put}
            />
            <dl className={`${panel.facts} ${styles.facts}`}>
              <div className={panel.fact}>
                <dt>{t("desk:tickets.client")}</dt>
                <dd>
                  {contact?.name ?? t("desk:tickets.noClient")}
                  {contact?.company && <span className={styles.note}> · {contact.company}</span>}
                </dd>
              </div>
              <div className={panel.fact}>
                <dt>{t("desk:tickets.line")}</dt>
                <dd>{line.name}</dd>
              </div>
              <div className={panel.fact}>
                <dt>{t("desk:tickets.created")}</dt>
                <dd>
                  <Moment at={created_at} long />
                </dd>
              </div>
            </dl>
          </PanelBlock>
          <PanelBlock id="ticket-conversations" title={t("desk:tickets.conversations")}>
            {conversations.length === 0 ? (
              <p className={panel.muted}>{t("desk:tickets.noConversations")}</p>
            ) : (
              <ul className={panel.people} data-testid="ticket-conversations">
                {conversations.map((each) => (
                  <li key={each.id}>
                    <Link
                      to="/c/$view/$conversationId"
                      params={{ view: "all", conversationId: each.id }}
                      className={styles.conversation}
                    >
                      <span className="tnum">{each.number}</span> {each.subject || t("common:noSubject")}
                    </Link>
                  </li>
                ))}
              </ul>
            )}
          </PanelBlock>
          <TasksBlock of="ticket" id={id} />
          <PromisesBlock of="ticket" id={id} />
        </div>
        <div className={styles.past}>
          <SolutionBlock ticket={ticket.data} editable={editable} onSaved={put} />
          <StagesBlock ticket={ticket.data} />
          <TicketHistory id={id} />
        </div>
      </div>
    </PageFrame>
  );
}
