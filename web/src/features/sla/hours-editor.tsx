// The intervals of one day.
import { TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ScheduleInterval } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { type Faults, nextInterval } from "./schedule-model.ts";
import styles from "./sla.module.css";

interface Props {
  /** What the hours are of, for people who do not see the row. */
  label: string;
  /** Where the day stands in the schedule: "weekly[2]". */
  at: string;
  faults: Faults;
  intervals: ScheduleInterval[];
  /** Shown when there are none. */
  none: string;
  onChange: (intervals: ScheduleInterval[]) => void;
}

export function HoursEditor({ label, at, faults, intervals, none, onChange }: Props) {
  const { t } = useTranslation();
  const wrong = (index: number, end: "from" | "to") => faults[`${at}.intervals[${index}].${end}`];
  return (
    <div className={styles.spans}>
      {intervals.length === 0 && <span className={styles.note}>{none}</span>}
      {intervals.map((interval, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: intervals have no name of their own
        <div key={index} className={styles.spanBox}>
          <div className={styles.span}>
            {(["from", "to"] as const).map((end) => (
              <TextInput
                key={end}
                size="xs"
                aria-label={`${label}: ${t(`sla:hours.${end}`)}`}
                value={interval[end]}
                maxLength={8}
                inputMode="numeric"
                error={wrong(index, end) !== undefined}
                className={styles.clock}
                onChange={(event) =>
                  onChange(intervals.with(index, { ...interval, [end]: event.currentTarget.value }))
                }
                data-testid={`${at}-${index}-${end}`}
              />
            ))}
            {overMidnight(interval) && <span className={styles.note}>{t("sla:hours.nextDay")}</span>}
            <IconButton
              label={t("sla:hours.remove")}
              size={28}
              onClick={() => onChange(intervals.filter((_, other) => other !== index))}
            >
              <IconTrash size={16} stroke={1.5} />
            </IconButton>
          </div>
          {(wrong(index, "from") ?? wrong(index, "to")) && (
            <p className={styles.error} role="alert">
              {wrong(index, "from") ?? wrong(index, "to")}
            </p>
          )}
        </div>
      ))}
      {intervals.length < 24 && (
        <IconButton
          label={`${label}: ${t("sla:hours.add")}`}
          size={28}
          onClick={() => onChange([...intervals, nextInterval(intervals)])}
          data-testid={`${at}-add`}
        >
          <IconPlus size={16} stroke={1.5} />
        </IconButton>
      )}
    </div>
  );
}

/** Both are written as times, and the end is the earlier one. */
function overMidnight({ from, to }: ScheduleInterval): boolean {
  const written = /^\d\d:\d\d(:\d\d)?$/;
  return written.test(from) && written.test(to) && to < from;
}
