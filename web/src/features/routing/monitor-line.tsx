// A line of the monitor: who is there, what waits, what was done today, and the ways to what the figures count.
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { StatusDot, statuses } from "@/ui/status-dot.tsx";
import { wait } from "./logic.ts";
import styles from "./monitor.module.css";
import { isStuck } from "./monitor-logic.ts";
import { Length } from "./staff-history.tsx";
import type { LineNow } from "./types.ts";

const day = 86_400;

interface Props {
  line: LineNow;
  chosen: boolean;
  onPeople: () => void;
}

export function LineCard({ line, chosen, onPeople }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const { id, name } = line.line;
  const { longest_wait_seconds: longest, marks_today: marks } = line;
  const list = (view: "unassigned" | "open", value: number, overdue?: true): ReactNode =>
    value > 0 ? (
      <Link to="/c/$view" params={{ view }} search={{ line: id, overdue }} className={styles.value}>
        {value}
      </Link>
    ) : (
      value
    );
  return (
    <section
      className={styles.line}
      aria-label={name}
      data-stuck={isStuck(line) || undefined}
      data-chosen={chosen || undefined}
      data-testid="monitor-line"
    >
      <header className={styles.lineHead}>
        <h2 className={styles.lineName}>{name}</h2>
        {can("conversations.assign") && (
          <Link to="/board" search={{ line: id }} className={styles.small} data-testid="monitor-board">
            {t("staff:monitor.board")}
          </Link>
        )}
      </header>
      <button type="button" className={styles.counts} aria-pressed={chosen} onClick={onPeople}>
        {statuses.map((status) => (
          <span key={status} className={styles.count}>
            <StatusDot status={status} /> <span className="tnum">{line[status]}</span>
          </span>
        ))}
      </button>
      <dl className={styles.figures}>
        <Figure name="queue" big value={list("unassigned", line.queue)} />
        <Figure
          name="longest"
          big
          value={longest === null ? "—" : longest < day ? wait(longest) : <Length seconds={longest} />}
        />
        <Figure name="open" value={list("open", line.open)} />
        <Figure name="unanswered" value={line.unanswered} />
        <Figure name="overdue" bad={line.overdue > 0} value={list("open", line.overdue, true)} />
        <Figure
          name="mark"
          value={
            marks.average === null
              ? "—"
              : t("staff:monitor.mark", { average: marks.average.toFixed(1), count: marks.count })
          }
        />
        <Figure name="new" value={line.new_today} />
        <Figure name="closed" value={line.closed_today} />
      </dl>
      {isStuck(line) && (
        <p className={styles.stuck}>
          <IconAlertTriangle size={16} stroke={1.5} aria-hidden="true" />
          {t("staff:monitor.stuck")}
        </p>
      )}
    </section>
  );
}

interface FigureProps {
  name: string;
  value: ReactNode;
  big?: boolean;
  /** The figure is one to do something about. */
  bad?: boolean;
}

function Figure({ name, value, big = false, bad = false }: FigureProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.figure} data-big={big || undefined} data-bad={bad || undefined}>
      <dt>{t(`routing:monitor.${name}`)}</dt>
      <dd className="tnum">{value}</dd>
    </div>
  );
}
