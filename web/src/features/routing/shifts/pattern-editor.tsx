// The days of a schedule: seven of a week, or as many as a cycle has, with the cycles people know by name.
import { Button, Select } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { dayAfter } from "@/lib/wall-clock.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { useTime } from "@/ui/time.tsx";
import { type CycleName, cycles, weekdayName } from "./logic.ts";
import type { Shift } from "./queries.ts";
import { cycleOf } from "./schedule-model.ts";
import { useShiftHoursWords } from "./shift-words.ts";
import styles from "./shifts.module.css";

const monday = "2024-01-01";
const off = "off";

interface Props {
  kind: "week" | "cycle";
  days: (Id | null)[];
  shifts: Shift[];
  error?: string;
  onChange: (days: (Id | null)[]) => void;
}

export function PatternEditor({ kind, days, shifts, error, onChange }: Props) {
  const { t } = useTranslation();
  const { locale } = useTime();
  const words = useShiftHoursWords();
  const known = new Map(shifts.map((shift) => [shift.id, shift]));
  const options = [
    { value: off, label: t("shifts:kinds.dayOff") },
    ...shifts.map((shift) => ({
      value: shift.id,
      label: shift.hours ? `${shift.name}, ${words.span(shift.hours)}` : shift.name,
    })),
  ];
  // A shift that was put away still stands in schedules that have it.
  const optionsWith = (id: Id | null) =>
    id === null || known.has(id)
      ? options
      : [...options, { value: id, label: t("shifts:schedules.archivedShift") }];
  const label = (index: number) =>
    kind === "week"
      ? weekdayName(dayAfter(monday, index), locale)
      : t("shifts:schedules.dayNumber", { n: index + 1 });
  return (
    <div>
      {kind === "cycle" && (
        <div className={styles.chips}>
          {(Object.keys(cycles) as CycleName[]).map((name) => (
            <button
              key={name}
              type="button"
              className={styles.chip}
              onClick={() => onChange(cycleOf(name, shifts))}
              data-testid="cycle-chip"
            >
              {t(`shifts:cycles.${name}`)}
            </button>
          ))}
        </div>
      )}
      <ol className={styles.slots}>
        {days.map((id, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place of a day is what it is
          <li key={index} className={styles.slot}>
            <span className={styles.slotName}>{label(index)}</span>
            <span className={styles.swatch} data-color={id ? known.get(id)?.color : undefined} />
            <Select
              aria-label={label(index)}
              data={optionsWith(id)}
              value={id ?? off}
              onChange={(value) =>
                onChange(days.map((old, at) => (at === index ? (value === off ? null : value) : old)))
              }
              allowDeselect={false}
              className={styles.slotSelect}
              data-testid="pattern-day"
            />
            {kind === "cycle" && (
              <IconButton
                label={t("shifts:schedules.removeDay", { n: index + 1 })}
                disabled={days.length === 1}
                onClick={() => onChange(days.filter((_, at) => at !== index))}
              >
                <IconX size={18} stroke={1.5} />
              </IconButton>
            )}
          </li>
        ))}
      </ol>
      {kind === "cycle" && days.length < 366 && (
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={16} stroke={1.5} />}
          onClick={() => onChange([...days, null])}
          data-testid="pattern-add"
        >
          {t("shifts:schedules.addDay")}
        </Button>
      )}
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
