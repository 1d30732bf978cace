// What becomes of conversations that no rule takes.
import { useTranslation } from "react-i18next";
import type { Line } from "@/api/types.ts";
import { OverflowFields } from "./overflow-fields.tsx";
import styles from "./rules.module.css";
import { TargetPicker } from "./target-picker.tsx";
import type { Names } from "./use-names.ts";
import type { EditedSet } from "./use-rule-set.ts";

interface Props {
  line: Line;
  edited: EditedSet;
  names: Names;
}

export function FallbackCard({ line, edited, names }: Props) {
  const { t } = useTranslation();
  const { fallback } = edited.set;
  return (
    <section className={styles.edge} aria-labelledby="routing-fallback" data-testid="fallback">
      <div>
        <h2 className={styles.blockTitle} id="routing-fallback">
          {t("rules:fallback.title")}
        </h2>
        <p className={styles.note}>{t("rules:fallback.text")}</p>
      </div>
      <TargetPicker
        line={line}
        label={t("rules:rule.target")}
        target={fallback.target}
        names={names}
        error={edited.faults.fallback.target}
        onChange={(target) => edited.putFallback({ target })}
      />
      <OverflowFields
        line={line}
        overflow={fallback.overflow}
        names={names}
        faults={edited.faults.fallback}
        onChange={(overflow) => edited.putFallback({ overflow })}
      />
    </section>
  );
}
