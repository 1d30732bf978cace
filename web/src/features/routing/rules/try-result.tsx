// What would become of the message, and what each rule said about it.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { policiesQuery, skillsQuery } from "./queries.ts";
import styles from "./try.module.css";
import type { Attribute, SimulationResult, Verdict } from "./types.ts";
import { VerdictRow } from "./verdict-row.tsx";

interface Props {
  told: SimulationResult;
  attributes: readonly Attribute[];
  waiting: boolean;
  /** Of the rule at this place among the rules. */
  uidOf: (index: number) => string | null;
  onOpenRule: (uid: string) => void;
}

export function TryResult({ told, attributes, waiting, uidOf, onOpenRule }: Props) {
  const { t } = useTranslation();
  const by = told.verdicts.find(({ outcome }) => outcome === "matched");
  let rules = 0;
  const rows = told.verdicts.map((verdict) => {
    if (verdict.kind !== "rule") return { verdict, number: null, uid: null };
    rules += 1;
    return { verdict, number: rules, uid: uidOf(rules - 1) };
  });
  return (
    <div data-waiting={waiting || undefined} className={styles.told} aria-busy={waiting}>
      <div className={styles.outcome} role="status" data-testid="try-outcome">
        <p className={styles.note}>{t("rules:try.goes")}</p>
        <p className={styles.where} data-testid="try-where">
          {told.result.words}
        </p>
        {by && (
          <p className={styles.by} data-testid="try-by">
            {byWords(by, t)}
          </p>
        )}
        {told.note && <p className={styles.by}>{told.note}</p>}
        <Besides told={told} />
      </div>
      <ol className={styles.verdicts} aria-label={t("rules:try.verdicts")}>
        {rows.map(({ verdict, number, uid }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: verdicts have the order of the rules
          <li key={index} className={styles.verdict} data-outcome={verdict.outcome} data-testid="try-verdict">
            <VerdictRow
              verdict={verdict}
              attributes={attributes}
              number={number}
              onOpen={uid === null ? null : () => onOpenRule(uid)}
            />
          </li>
        ))}
      </ol>
    </div>
  );
}

function byWords(by: Verdict, t: (key: string, options?: Record<string, string>) => string): string {
  if (by.kind === "manager") return t("rules:try.byManager");
  return by.kind === "default" ? t("rules:try.byDefault") : t("rules:try.byRule", { name: by.name });
}

/** What else would happen. */
function Besides({ told }: { told: SimulationResult }) {
  const { t } = useTranslation();
  const { data: skills = [] } = useQuery(skillsQuery);
  const { data: policies = [] } = useQuery(policiesQuery);
  const { priority, subject, policy_id } = told.set;
  const wanted = told.set.skills ?? [];
  const named = wanted.map((id) => skills.find((skill) => skill.id === id)?.name ?? "…").join(", ");
  const rows = [
    told.auto_reply && { key: "reply", value: told.auto_reply.text },
    priority && { key: "priority", value: t(`rules:priority.${priority}`) },
    subject && { key: "subject", value: subject },
    named && { key: "skills", value: named },
    policy_id && { key: "policy", value: policies.find((each) => each.id === policy_id)?.name ?? "…" },
    told.overflow && { key: "overflow", value: told.overflow },
  ].filter((row) => row !== null && row !== undefined && row !== "");
  if (rows.length === 0) return null;
  return (
    <dl className={styles.besides}>
      {rows.map(({ key, value }) => (
        <div key={key}>
          <dt>{t(`rules:besides.${key}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
