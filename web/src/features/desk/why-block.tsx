// Why the conversation is where it is: every decision about it, the newest first, with what each rule said.
import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { Delayed, ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import { PanelBlock } from "./panel-block.tsx";
import { type Verdict, whyQuery } from "./routing.ts";
import styles from "./why-block.module.css";

export function WhyBlock({ id }: { id: Id }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery(whyQuery(id));
  useLiveEvents(["conversation_routed", "conversation_transferred", "conversation_taken_over"], (event) => {
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
