// The simulator: a made-up message goes through the rules as they stand on the page, saved or not.
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import type { Id } from "@/api/types.ts";
import { ErrorState } from "@/ui/states.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import { missingTarget, refusedRules, remaining } from "./rule-set.ts";
import styles from "./try.module.css";
import { TryForm } from "./try-form.tsx";
import { type Asked, simulationOf } from "./try-model.ts";
import { TryResult } from "./try-result.tsx";
import type { Attribute, SimulationResult } from "./types.ts";
import { Unfinished, unfinishedRules } from "./unfinished.tsx";
import type { EditedSet } from "./use-rule-set.ts";

interface Props {
  line: Id;
  zone: string;
  edited: EditedSet;
  attributes: readonly Attribute[];
  asked: Asked;
  onAsk: (change: Partial<Asked>) => void;
  onOpenRule: (uid: string) => void;
}

const simulationQuery = (line: Id, body: string) =>
  queryOptions({
    queryKey: ["routing", "simulation", line, body] as const,
    queryFn: ({ signal }) =>
      post<SimulationResult>(`/lines/${line}/routing-rules/simulate`, JSON.parse(body), { signal }),
    placeholderData: keepPreviousData,
    // Who can take work changes by the minute.
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

export function TryTab({ line, zone, edited, attributes, asked, onAsk, onOpenRule }: Props) {
  const { t } = useTranslation();
  const { set, changed } = edited;
  const unfinished = unfinishedRules(set.rules, attributes);
  const ready = unfinished.length === 0 && missingTarget(set.fallback.target) === null;
  const body = useDebounced(JSON.stringify(simulationOf(set, asked, zone)), 300);
  const told = useQuery({ ...simulationQuery(line, body), enabled: ready });
  const rules = remaining(set);
  const refused = ready && told.error instanceof ApiError ? refusedRules(told.error.fields, rules) : [];
  return (
    <div className={styles.columns}>
      <TryForm line={line} zone={zone} attributes={attributes} asked={asked} onAsk={onAsk} />
      <section className={styles.result} aria-label={t("rules:try.result")} data-testid="try-result">
        {changed && <p className={styles.note}>{t("rules:try.unsaved")}</p>}
        <Unfinished rules={refused.length > 0 ? refused : unfinished} onOpen={onOpenRule} />
        {!ready || refused.length > 0 ? null : told.error ? (
          <ErrorState error={told.error} retry={() => void told.refetch()} compact />
        ) : told.data ? (
          <TryResult
            told={told.data}
            attributes={attributes}
            // The answer to what was asked before stays until the new one is here.
            waiting={told.isPlaceholderData || told.isFetching}
            uidOf={(index) => rules[index]?.uid ?? null}
            onOpenRule={onOpenRule}
          />
        ) : null}
      </section>
    </div>
  );
}
