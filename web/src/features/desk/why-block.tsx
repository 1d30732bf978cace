// Why the conversation is where it is: every decision about it, the newest first, with what each rule said.
import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { Delayed, ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import { PanelBlock } from "./panel-block.tsx";
import { type Decision, type Verdict, whyQuery } from "./routing.ts";
import styles from "./why-block.module.css";

// Each stands beside a decision that was written down.
const decided = [
  "conversation_routed",
  "conversation_assigned",
  "conversation_transferred",
  "conversation_taken_over",
];

export function WhyBlock({ id }: { id: Id }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery(whyQuery(id));
  useLiveEvents(decided, (event) => {
    if (event.conversation_id === id) void client.invalidateQueries({ queryKey: whyQuery(id).queryKey });
  });
  if (query.data?.length === 0) return null;
  return (
    <PanelBlock id="routing" title={t("routing:why.title")}>
      {query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} compact />
      ) : query.data ? (
        <ol className={styles.decisions} data-testid="why-here">
          {query.data.map((decision) => (
            <li key={decision.id} className={styles.decision}>
              <p className={styles.why}>{decision.why}</p>
              <p className={styles.muted}>
                {t(`routing:source.${decision.source}`)} · <Moment at={decision.at} />
              </p>
              {decision.considered.length > 0 && <Candidates of={decision.considered} />}
              {decision.verdicts.length > 0 && (
                <details className={styles.trace}>
                  <summary>{t("routing:why.rules", { count: decision.verdicts.length })}</summary>
                  <ol className={styles.verdicts}>
                    {decision.verdicts.map((verdict, index) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: a trace never changes its order
                      <VerdictLine key={index} verdict={verdict} />
                    ))}
                  </ol>
                </details>
              )}
            </li>
          ))}
        </ol>
      ) : (
        <Delayed>
          <Skeleton height={12} />
        </Delayed>
      )}
    </PanelBlock>
  );
}

function VerdictLine({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  return (
    <li data-outcome={verdict.outcome}>
      <span className={styles.strong}>{verdict.name}</span>
      <span className={styles.muted}> · {t(`routing:outcome.${verdict.outcome}`)}</span>
      {verdict.reason && <p className={styles.muted}>{verdict.reason}</p>}
      {verdict.tests.map((test) => (
        <p key={test.path} className={styles.test} data-passed={test.passed}>
          <span aria-hidden="true">{test.passed ? "✓" : "✕"}</span> {test.label}: {test.expected}
          {!test.passed && ` (${test.actual || t("routing:why.nothing")})`}
        </p>
      ))}
    </li>
  );
}

/** Those who could have had it first, each with his groups and his work then. */
function Candidates({ of }: { of: Decision["considered"] }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 });
  return (
    <details className={styles.trace} data-testid="why-considered">
      <summary>{t("routing:why.considered", { count: of.length })}</summary>
      <ol className={styles.verdicts}>
        {of.map((one) => (
          <li key={one.user.id} data-outcome={one.chosen ? "chosen" : one.reason ? "skipped" : undefined}>
            <span className={styles.strong}>{one.user.name}</span>
            <span className={styles.muted}> · {one.groups.map((name) => `«${name}»`).join(", ")}</span>
            <p className={styles.muted}>
              {one.reason ?? t("routing:transfer.load", { open: number.format(one.load), limit: one.limit })}
              {one.chosen && ` · ${t("routing:why.chosen")}`}
            </p>
          </li>
        ))}
      </ol>
    </details>
  );
}
