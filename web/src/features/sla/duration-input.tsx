// A length of time: a number and its unit, side by side.
import { NumberInput, Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type DurationUnit, durationUnits, secondsOf, shownUnit } from "./duration.ts";
import styles from "./policy.module.css";

interface Props {
  /** What it is the length of, for people who do not see the row. */
  label: string;
  seconds: number;
  error?: string;
  testId?: string;
  onChange: (seconds: number) => void;
}

export function DurationInput({ label, seconds, error, testId, onChange }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<DurationUnit | null>(null);
  const unit = shownUnit(seconds, chosen);
  const amount = seconds / durationUnits[unit];
  return (
    <div>
      <div className={styles.duration}>
        <NumberInput
          aria-label={label}
          value={seconds === 0 ? "" : amount}
          min={1}
          max={1_000_000}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          error={error !== undefined}
          onChange={(next) => {
            setChosen(unit);
            onChange(secondsOf(next, unit));
          }}
          className={styles.amount}
          data-testid={testId}
        />
        <Select
          aria-label={t("sla:duration.unit", { label })}
          data={Object.keys(durationUnits).map((each) => ({
            value: each,
            label: t(`sla:duration.units.${each}`),
          }))}
          value={unit}
          allowDeselect={false}
          onChange={(next) => {
            if (next === null) return;
            const picked = next as DurationUnit;
            setChosen(picked);
            onChange(secondsOf(amount, picked));
          }}
          className={styles.unit}
          data-testid={testId && `${testId}-unit`}
        />
      </div>
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
