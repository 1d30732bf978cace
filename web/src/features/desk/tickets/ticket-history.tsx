// How long a ticket was in each status, and what happened to it, the newest first.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { TicketHistory as History, Id, TicketEvent } from "@/api/types.ts";
import { elapsedWords } from "@/lib/due.ts";
import { shortMoment } from "@/lib/time.ts";
import { Delayed, ErrorState } from "@/ui/states.tsx";
import { Moment, useTime } from "@/ui/time.tsx";
import { changeWords, eventWords, resultWords } from "./history-words.ts";
import { ticketHistoryQuery } from "./queries.ts";
import styles from "./tickets.module.css";

export function TicketHistory({ id }: { id: Id }) {
  const history = useQuery(ticketHistoryQuery(id));
  if (!history.data) {
    return history.error ? (
      <ErrorState error={history.error} retry={() => void history.refetch()} compact />
    ) : (
      <Delayed>
        <Skeleton height={120} />
      </Delayed>
    );
  }
  return (
    <div className={styles.past}>
      <Statuses statuses={history.data.statuses} />
      <Events items={history.data.items} />
    </div>
  );
}

function Statuses({ statuses }: { statuses: History["statuses"] }) {
  const { t } = useTranslation();
  const all = Math.max(
    1,
    statuses.reduce((sum, { seconds }) => sum + seconds, 0),
  );
  return (
    <section>
      <h2 className={styles.part}>{t("desk:tickets.inStatuses")}</h2>
      <ul className={styles.statuses} data-testid="ticket-statuses">
        {statuses.map(({ status, seconds, current }) => (
          <li key={status} className={styles.statusTime} data-current={current || undefined}>
            <span className={styles.statusName}>{t(`desk:ticket.statuses.${status}`)}</span>
            <span className={styles.bar} aria-hidden="true">
              <span style={{ width: `${(seconds / all) * 100}%` }} />
            </span>
            <span className={`${styles.length} tnum`}>{elapsedWords(seconds, t)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Events({ items }: { items: readonly TicketEvent[] }) {
  const { t } = useTranslation();
  const { locale, timeZone } = useTime();
  const momentWords = (at: string) => shortMoment(at, locale, timeZone);
  return (
    <section>
      <h2 className={styles.part}>{t("desk:tickets.history")}</h2>
      <ol className={styles.events} data-testid="ticket-history">
        {[...items].reverse().map((event) => (
          <li key={event.id} className={styles.event} data-kind={event.kind}>
            <Moment at={event.at} long className={styles.eventTime} />
            <div>
              <p>{eventWords(event, t)}</p>
              {event.changes.length > 0 && (
                <ul className={styles.changes}>
                  {event.changes.map((change) => (
                    <li key={change.field}>{changeWords(change, t, momentWords)}</li>
                  ))}
                </ul>
              )}
              {event.result && <p className={`${styles.note} ${styles.result}`}>{resultWords(event, t)}</p>}
              {event.why && <p className={styles.note}>{event.why}</p>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
