// Several dates: chosen one after another, each can be taken away.
import { Pill, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/i18n/index.ts";
import styles from "./condition.module.css";
import { dateWords } from "./words.ts";

interface Props {
  dates: string[];
  wrong: boolean;
  onChange: (dates: string[]) => void;
}

export function DatesValue({ dates, wrong, onChange }: Props) {
  const { t } = useTranslation();
  const add = (date: string) => {
    if (date !== "" && !dates.includes(date)) onChange([...dates, date].sort());
  };
  return (
    <div className={styles.dates}>
      {dates.map((date) => (
        <Pill
          key={date}
          withRemoveButton
          removeButtonProps={{
            "aria-label": t("rules:condition.removeDate", { date }),
            "aria-hidden": undefined,
            tabIndex: 0,
          }}
          onRemove={() => onChange(dates.filter((each) => each !== date))}
        >
          {dateWords(date, currentLocale())}
        </Pill>
      ))}
      <TextInput
        // Empty again after each date.
        key={dates.length}
        type="date"
        size="xs"
        className={styles.date}
        aria-label={t("rules:condition.addDate")}
        error={wrong}
        onBlur={(event) => add(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          add(event.currentTarget.value);
        }}
        data-testid="test-value"
      />
    </div>
  );
}
