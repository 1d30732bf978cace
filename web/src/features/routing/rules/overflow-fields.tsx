// Where a conversation goes that nobody has taken for a while.
import { NumberInput, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Line } from "@/api/types.ts";
import type { Faults } from "./rule-set.ts";
import styles from "./rules.module.css";
import { TargetPicker } from "./target-picker.tsx";
import type { Overflow } from "./types.ts";
import type { Names } from "./use-names.ts";

interface Props {
  line: Line;
  overflow: Overflow | null;
  names: Names;
  faults: Faults;
  onChange: (overflow: Overflow | null) => void;
}

const usual: Overflow = { minutes: 10, target: { kind: "queue", group_id: null } };

export function OverflowFields({ line, overflow, names, faults, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Switch
        label={t("rules:overflow.label")}
        description={t("rules:overflow.text")}
        checked={overflow !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? usual : null)}
        data-testid="overflow"
      />
      {overflow && (
        <div className={styles.nested}>
          <NumberInput
            label={t("rules:overflow.minutes")}
            className={styles.short}
            value={overflow.minutes || ""}
            min={1}
            max={10_080}
            allowDecimal={false}
            allowNegative={false}
            error={faults["overflow.minutes"]}
            onChange={(minutes) => onChange({ ...overflow, minutes: Number(minutes) || 0 })}
            data-testid="overflow-minutes"
          />
          <TargetPicker
            line={line}
            label={t("rules:overflow.target")}
            target={overflow.target}
            names={names}
            error={faults["overflow.target"]}
            onChange={(target) => onChange({ ...overflow, target })}
          />
        </div>
      )}
    </>
  );
}
