// The norms of conversations and of tickets: each is promised or not, and how soon.
import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SlaNorms } from "@/api/types.ts";
import { keyOf, promised } from "@/lib/norms.ts";
import { DurationInput } from "./duration-input.tsx";
import styles from "./policy.module.css";

import type { Faults } from "./schedule-model.ts";

const usual: SlaNorms = {
  reaction_seconds: 3_600,
  reply_seconds: 7_200,
  resolution_seconds: 28_800,
  ticket_reaction_seconds: 3_600,
  ticket_resolution_seconds: 28_800,
};

interface Props {
  /** Where they stand in the definition: "norms" or "extra[1].norms". */
  at: string;
  values: SlaNorms;
  faults: Faults;
  onChange: (values: SlaNorms) => void;
}

export function NormsEditor({ at, values, faults, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <div className={styles.norms}>
      {(["conversation", "ticket"] as const).map((subject) => (
        <section key={subject} className={styles.norms} aria-labelledby={`${at}-${subject}`}>
          <h3 id={`${at}-${subject}`} className={styles.subject}>
            {t(`sla:subject.${subject}`)}
          </h3>
          {promised[subject].map((norm) => {
            const key = keyOf(norm);
            const seconds = values[key];
            const put = (next: number | null) => onChange({ ...values, [key]: next });
            return (
              <div key={norm} className={styles.norm}>
                <Switch
                  label={t(`sla:norm.${norm}`)}
                  description={t(`sla:policy.normHelp.${norm}`)}
                  checked={seconds !== null}
                  onChange={(event) => put(event.currentTarget.checked ? usual[key] : null)}
                  data-testid={`${at}-${norm}-on`}
                />
                {seconds !== null && (
                  <DurationInput
                    label={t(`sla:norm.${norm}`)}
                    seconds={seconds}
                    error={faults[`${at}.${key}`]}
                    onChange={put}
                    testId={`${at}-${norm}`}
                  />
                )}
              </div>
            );
          })}
        </section>
      ))}
      {faults[at] && (
        <p className={styles.error} role="alert">
          {faults[at]}
        </p>
      )}
    </div>
  );
}
