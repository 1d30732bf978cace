// Dates with hours of their own: days off, short days, extra working days.
import { Button, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/ui/icon-button.tsx";
import { FormSection } from "@/ui/page.tsx";
import { HoursEditor } from "./hours-editor.tsx";
import type { Edited, Faults } from "./schedule-model.ts";
import styles from "./sla.module.css";

interface Props {
  exceptions: Edited["exceptions"];
  faults: Faults;
  /** What the calendar shows today, for a new row. */
  today: string;
  onChange: (exceptions: Edited["exceptions"]) => void;
}

export function ExceptionsEditor({ exceptions, faults, today, onChange }: Props) {
  const { t } = useTranslation();
  const add = () =>
    onChange([...exceptions, { date: after(exceptions.at(-1)?.date, today), intervals: [], name: "" }]);
  return (
    <FormSection title={t("sla:exceptions.title")} text={t("sla:exceptions.text")}>
      {exceptions.length > 0 && (
        <ul className={styles.week}>
          {exceptions.map((each, index) => {
            const at = `exceptions[${index}]`;
            const put = (change: Partial<typeof each>) =>
              onChange(exceptions.with(index, { ...each, ...change }));
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the date may be changed and be there twice for a while
              <li key={index} className={styles.exception} data-testid="exception">
                <TextInput
                  type="date"
                  size="xs"
                  aria-label={t("sla:exceptions.date")}
                  value={each.date}
                  error={faults[`${at}.date`]}
                  onChange={(event) => event.currentTarget.value && put({ date: event.currentTarget.value })}
                />
                <TextInput
                  size="xs"
                  aria-label={t("sla:exceptions.name")}
                  placeholder={t("sla:exceptions.name")}
                  value={each.name ?? ""}
                  maxLength={200}
                  error={faults[`${at}.name`]}
                  onChange={(event) => put({ name: event.currentTarget.value })}
                />
                <IconButton
                  label={t("sla:exceptions.remove")}
                  size={28}
                  onClick={() => onChange(exceptions.filter((_, other) => other !== index))}
                >
                  <IconTrash size={16} stroke={1.5} />
                </IconButton>
                <HoursEditor
                  label={each.date}
                  at={at}
                  faults={faults}
                  intervals={each.intervals}
                  none={t("sla:exceptions.off")}
                  onChange={(intervals) => put({ intervals })}
                />
              </li>
            );
          })}
        </ul>
      )}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={18} stroke={1.5} />}
          onClick={add}
          data-testid="exception-add"
        >
          {t("sla:exceptions.add")}
        </Button>
      </div>
    </FormSection>
  );
}

/** The day after the last one written down: holidays come in rows. */
function after(last: string | undefined, today: string): string {
  if (!last) return today;
  return new Date(Date.parse(`${last}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
