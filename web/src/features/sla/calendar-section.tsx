// Holidays: the production calendar that comes with the product, and days read from a file.
import { Alert, Button, FileButton, Switch } from "@mantine/core";
import { IconAlertTriangle, IconFileImport } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import type { Items, ScheduleSpecialDay } from "@/api/types.ts";
import { FormSection } from "@/ui/page.tsx";
import { errorText } from "@/ui/states.tsx";
import { productionQuery } from "./queries.ts";
import type { Edited } from "./schedule-model.ts";
import styles from "./sla.module.css";

interface Props {
  definition: Edited;
  onChange: (change: Partial<Edited>) => void;
}

export function CalendarSection({ definition, onChange }: Props) {
  const { t } = useTranslation();
  const production = useQuery(productionQuery);
  const russia = production.data?.items.find((calendar) => calendar.code === "ru");
  const read = useMutation({
    mutationFn: async (file: File) =>
      post<Items<ScheduleSpecialDay>>("/schedules/read-days", { text: await file.text() }),
    onSuccess: ({ items }) => onChange({ days: merged(definition.days, items) }),
  });
  const faults = read.error instanceof ApiError ? Object.values(read.error.fields) : [];
  const years = [...new Set(definition.days.map((day) => day.date.slice(0, 4)))].sort();
  const provisional = russia?.years.filter((year) => year.provisional).map((year) => year.year) ?? [];
  return (
    <FormSection title={t("sla:calendar.title")} text={t("sla:calendar.text")}>
      <Switch
        label={t("sla:calendar.russia")}
        description={
          russia && t("sla:calendar.years", { first: russia.years[0]?.year, last: russia.years.at(-1)?.year })
        }
        checked={definition.production_calendar === "ru"}
        onChange={(event) => onChange({ production_calendar: event.currentTarget.checked ? "ru" : null })}
        data-testid="production-switch"
      />
      {definition.production_calendar === "ru" && provisional.length > 0 && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} stroke={1.5} />}>
          {t("sla:calendar.provisional", { years: provisional.join(", ") })}
        </Alert>
      )}
      <div className={styles.import}>
        <FileButton
          accept=".ics,.csv,.txt,text/calendar,text/csv"
          onChange={(file) => file && read.mutate(file)}
          inputProps={{ "aria-label": t("sla:calendar.import") }}
        >
          {(props) => (
            <Button
              {...props}
              variant="default"
              loading={read.isPending}
              leftSection={<IconFileImport size={18} stroke={1.5} />}
            >
              {t("sla:calendar.import")}
            </Button>
          )}
        </FileButton>
        {definition.days.length > 0 && (
          <>
            <span className={styles.note} data-testid="days-read">
              {t("sla:calendar.read", { count: definition.days.length })} ({years.join(", ")})
            </span>
            <Button variant="subtle" size="compact-sm" onClick={() => onChange({ days: [] })}>
              {t("sla:calendar.forget")}
            </Button>
          </>
        )}
      </div>
      <p className={styles.note}>{t("sla:calendar.forms")}</p>
      {read.error && (
        <div className={styles.error} role="alert">
          {faults.length > 0 ? faults.map((fault) => <p key={fault}>{fault}</p>) : errorText(read.error, t)}
        </div>
      )}
    </FormSection>
  );
}

/** What a file says of a date replaces what an earlier one said. */
function merged(known: ScheduleSpecialDay[], read: ScheduleSpecialDay[]): ScheduleSpecialDay[] {
  const byDate = new Map([...known, ...read].map((day) => [day.date, day]));
  return [...byDate.values()].sort((one, other) => one.date.localeCompare(other.date));
}
