// What if: a start and a norm, and when it would be due by the schedule as it stands in the editor, saved or not.
import { NumberInput, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Asked, type Unit, units } from "./schedule-model.ts";
import styles from "./sla.module.css";
import type { Told } from "./use-preview.ts";
import { WhatIfResult } from "./what-if-result.tsx";

interface Props {
  asked: Asked;
  told: Told;
  timeZone: string;
  onChange: (change: Partial<Asked>) => void;
}

export function WhatIf({ asked, told, timeZone, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <section className={styles.whatIf} aria-label={t("sla:whatIf.title")} data-testid="what-if">
      <h2 className={styles.whatIfTitle}>{t("sla:whatIf.title")}</h2>
      <p className={styles.note}>{t("sla:whatIf.text")}</p>
      <TextInput
        type="datetime-local"
        label={t("sla:whatIf.start")}
        value={asked.start}
        error={told.fields.start}
        onChange={(event) => onChange({ start: event.currentTarget.value })}
        data-testid="what-if-start"
      />
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t("sla:whatIf.kind")}
        value={asked.kind}
        onChange={(kind) => onChange({ kind: kind === "end" ? "end" : "norm" })}
        data={[
          { value: "norm", label: t("sla:whatIf.norm") },
          { value: "end", label: t("sla:whatIf.period") },
        ]}
      />
      {asked.kind === "norm" ? (
        <div className={styles.norm}>
          <NumberInput
            aria-label={t("sla:whatIf.norm")}
            value={asked.amount}
            min={0}
            max={100_000}
            allowDecimal={false}
            error={told.fields.duration_seconds}
            onChange={(amount) => onChange({ amount: Number(amount) || 0 })}
            data-testid="what-if-amount"
          />
          <Select
            aria-label={t("sla:whatIf.unit")}
            data={Object.keys(units).map((unit) => ({ value: unit, label: t(`sla:unit.${unit as Unit}`) }))}
            value={asked.unit}
            allowDeselect={false}
            onChange={(unit) => onChange({ unit: unit === "minutes" ? "minutes" : "hours" })}
          />
        </div>
      ) : (
        <TextInput
          type="datetime-local"
          aria-label={t("sla:whatIf.end")}
          value={asked.end}
          error={told.fields.end}
          onChange={(event) => onChange({ end: event.currentTarget.value })}
          data-testid="what-if-end"
        />
      )}
      <WhatIfResult asked={asked} told={told} timeZone={timeZone} />
    </section>
  );
}
