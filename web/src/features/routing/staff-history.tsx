// Which statuses somebody had and what he was busy with: how long each in all, and one after another.
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { FormSection } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { type Status, StatusDot } from "@/ui/status-dot.tsx";
import { Moment, useNow } from "@/ui/time.tsx";
import styles from "./history.module.css";
import { lengthParts, type Span, shares } from "./staff-history-logic.ts";
import { activityHistoryQuery, statusHistoryQuery } from "./staff-queries.ts";

const periods = [1, 7, 30] as const;
const firstRows = 20;

interface Entry extends Span {
  name: string;
  mark?: ReactNode;
  note?: string;
}

export function PersonHistory({ id }: { id: Id }) {
  const { t } = useTranslation();
  const [what, setWhat] = useState<"statuses" | "activities">("statuses");
  const [days, setDays] = useState<(typeof periods)[number]>(7);
  // Fixed while the period stays the same: it is part of the query's key.
  const from = useMemo(() => new Date(Date.now() - days * 86_400_000), [days]);
  return (
    <FormSection title={t("staff:history.title")}>
      <div className={styles.tools}>
        <SegmentedControl
          aria-label={t("staff:history.what")}
          size="xs"
          data={(["statuses", "activities"] as const).map((value) => ({
            value,
            label: t(`staff:history.${value}`),
          }))}
          value={what}
          onChange={setWhat}
          data-testid="history-what"
        />
        <SegmentedControl
          aria-label={t("staff:history.period")}
          size="xs"
          data={periods.map((value) => ({ value: String(value), label: t(`staff:history.days.${value}`) }))}
          value={String(days)}
          onChange={(value) => setDays(periods.find((each) => String(each) === value) ?? 7)}
        />
      </div>
      {what === "statuses" ? <Statuses id={id} from={from} /> : <Activities id={id} from={from} />}
    </FormSection>
  );
}

function Statuses({ id, from }: { id: Id; from: Date }) {
  const { t } = useTranslation();
  const query = useQuery(statusHistoryQuery(id, from.toISOString()));
  const entries = query.data?.map((span): Entry => {
    const { status, cause, actor, at, until } = span;
    const note =
      cause === "supervisor" && actor ? t("staff:cause.by", { name: actor.name }) : t(`staff:cause.${cause}`);
    return {
      key: status,
      name: t(`routing:status.${status}`),
      mark: <StatusDot status={status as Status} silent />,
      note,
      from: at,
      until,
    };
  });
  return <Report query={query} entries={entries} from={from} empty={t("staff:history.noStatuses")} />;
}

function Activities({ id, from }: { id: Id; from: Date }) {
  const { t } = useTranslation();
  const query = useQuery(activityHistoryQuery(id, from.toISOString()));
  const entries = query.data?.map(({ activity, started_at, ended_at }): Entry => {
    const name = activity?.name ?? t("staff:history.unknown");
    return { key: name, name, from: started_at, until: ended_at };
  });
  return <Report query={query} entries={entries} from={from} empty={t("staff:history.noActivities")} />;
}

interface ReportProps {
  query: { error: unknown; refetch: () => unknown };
  entries: Entry[] | undefined;
  from: Date;
  empty: string;
}

function Report({ query, entries, from, empty }: ReportProps) {
  const { t } = useTranslation();
  const now = useNow();
  const [all, setAll] = useState(false);
  if (query.error && !entries)
    return <ErrorState error={query.error} retry={() => query.refetch()} compact />;
  if (!entries) return <RowSkeletons count={3} height={32} />;
  if (entries.length === 0) return <p className={styles.muted}>{empty}</p>;
  const totals = shares(entries, from, now);
  const longest = totals[0]?.seconds ?? 1;
  const named = (key: string) => entries.find((entry) => entry.key === key);
  return (
    <>
      <dl className={styles.totals} data-testid="history-totals">
        {totals.map(({ key, seconds }) => (
          <div key={key} className={styles.total}>
            <dt>
              {named(key)?.mark} {named(key)?.name}
            </dt>
            <dd className="tnum">
              <Length seconds={seconds} />
            </dd>
            <span
              className={styles.part}
              style={{ width: `${(seconds / longest) * 100}%` }}
              aria-hidden="true"
            />
          </div>
        ))}
      </dl>
      <ul className={styles.spans}>
        {entries.slice(0, all ? entries.length : firstRows).map((entry) => (
          <li key={`${entry.from} ${entry.key}`} className={styles.span} data-testid="history-span">
            <Moment at={entry.from} long className={styles.at} />
            <span className={styles.what}>
              {entry.mark} {entry.name}
              {entry.note && <span className={styles.muted}>{entry.note}</span>}
            </span>
            <span className={styles.length}>
              {entry.until ? (
                <Length seconds={(Date.parse(entry.until) - Date.parse(entry.from)) / 1000} />
              ) : (
                t("staff:history.still")
              )}
            </span>
          </li>
        ))}
      </ul>
      {!all && entries.length > firstRows && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          {t("staff:history.showAll", { n: entries.length })}
        </button>
      )}
    </>
  );
}

export function Length({ seconds }: { seconds: number }) {
  const { t } = useTranslation();
  const parts = lengthParts(seconds);
  return (
    <>
      {parts.length === 0
        ? t("staff:length.less")
        : parts.map(({ unit, n }) => t(`staff:length.${unit}`, { n })).join(" ")}
    </>
  );
}
