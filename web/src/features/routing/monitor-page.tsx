// How the lines do at this moment, for those who watch over them: figures by line and the people who serve them.
import { IconActivity } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { live } from "@/api/live.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { Delayed, EmptyState, ErrorState } from "@/ui/states.tsx";
import { StatusDot, statuses } from "@/ui/status-dot.tsx";
import { Moment } from "@/ui/time.tsx";
import { orderLines, wait } from "./logic.ts";
import { monitorQuery } from "./queries.ts";
import styles from "./routing.module.css";
import type { LineNow, OperatorNow } from "./types.ts";

export function MonitorPage() {
  const { t } = useTranslation();
  const query = useFollowedMonitor();
  return (
    <PageFrame title={t("routing:monitor.title")} text={t("routing:monitor.text")} wide>
      {query.isError && !query.data ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Delayed>
          <RowSkeletons count={4} />
        </Delayed>
      ) : query.data.lines.length === 0 ? (
        <EmptyState
          icon={<IconActivity size={28} stroke={1.5} />}
          title={t("routing:monitor.empty")}
          text={t("routing:monitor.emptyText")}
        />
      ) : (
        <>
          <div className={styles.lines} data-testid="monitor">
            {orderLines(query.data.lines).map((line) => (
              <LineCard key={line.line.id} line={line} />
            ))}
          </div>
          <h2 className={styles.heading}>{t("routing:monitor.people")}</h2>
          <ul className={styles.people}>
            {query.data.operators.map((operator) => (
              <OperatorLine key={operator.user.id} operator={operator} />
            ))}
          </ul>
        </>
      )}
    </PageFrame>
  );
}

/** Fetched again at most once a second after live events, and every fifteen seconds so that waits grow. */
function useFollowedMonitor() {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const refresh = () => {
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        void client.invalidateQueries({ queryKey: monitorQuery.queryKey });
      }, 1000);
    };
    const stops = [live.onEvent(refresh), live.onReset(refresh)];
    return () => {
      for (const stop of stops) stop();
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [client]);
  return useQuery({ ...monitorQuery, refetchInterval: 15_000 });
}

function LineCard({ line }: { line: LineNow }) {
  const { t } = useTranslation();
  const figures: [string, string | number][] = [
    ["queue", line.queue],
    ["longest", line.longest_wait_seconds === null ? "—" : wait(line.longest_wait_seconds)],
    ["open", line.open],
    ["unanswered", line.unanswered],
    ["new", line.new_today],
    ["closed", line.closed_today],
    ["mark", line.marks_today.average === null ? "—" : line.marks_today.average.toFixed(1)],
  ];
  return (
    <section className={styles.line} aria-label={line.line.name} data-testid="monitor-line">
      <h2 className={styles.lineName}>{line.line.name}</h2>
      <p className={styles.counts}>
        {statuses.map((status) => (
          <span key={status} className={styles.count}>
            <StatusDot status={status} /> <span className="tnum">{line[status]}</span>
          </span>
        ))}
      </p>
      <dl className={styles.figures}>
        {figures.map(([name, value]) => (
          <div
            key={name}
            className={styles.figure}
            data-big={name === "queue" || name === "longest" || undefined}
          >
            <dt>{t(`routing:monitor.${name}`)}</dt>
            <dd className="tnum">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function OperatorLine({ operator }: { operator: OperatorNow }) {
  const { t } = useTranslation();
  const { user, status, since, activity, absent, open, limit } = operator;
  return (
    <li className={styles.person}>
      <Avatar
        name={user.name}
        color={user.avatar_color}
        size={28}
        mark={<StatusDot status={status} silent />}
      />
      <span className={styles.personName}>{user.name}</span>
      <span className={styles.muted}>
        {absent ? t("routing:monitor.absent") : (activity?.name ?? t(`routing:status.${status}`))}
        {since && (
          <>
            {" · "}
            <Moment at={since} />
          </>
        )}
      </span>
      <span className="tnum">{t("routing:transfer.load", { open, limit })}</span>
    </li>
  );
}
