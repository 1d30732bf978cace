// When somebody answers: a week, day by day.
import { Button, Checkbox, Switch, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { TimeZoneSelect } from "@/ui/time-zone-select.tsx";
import styles from "./channels.module.css";
import { EditorFrame } from "./editor-frame.tsx";
import { type Day, days, type Hours, isSpan, type Span, spread, usualWeek } from "./hours.ts";
import type { JsonEditorProps } from "./json-field.tsx";

export function HoursEditor({ field, value, onChange, error }: JsonEditorProps) {
  const { t } = useTranslation();
  const me = useMe();
  const hours = value as Hours | null;
  const put = (day: Day, spans: Span[]) => hours && onChange({ ...hours, [day]: spans });
  return (
    <EditorFrame field={field} error={error}>
      <Switch
        label={t("channels:editor.hours.ask")}
        checked={hours !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? usualWeek(me.time_zone) : null)}
        data-testid="hours-switch"
      />
      {hours && (
        <>
          <TimeZoneSelect
            label={t("channels:editor.hours.zone")}
            value={hours.time_zone}
            onChange={(time_zone) => time_zone && onChange({ ...hours, time_zone })}
          />
          <ul className={styles.week}>
            {days.map((day) => {
              const spans = hours[day] ?? [];
              return (
                <li key={day} className={styles.day}>
                  <Checkbox
                    label={t(`channels:editor.hours.day.${day}`)}
                    checked={spans.length > 0}
                    onChange={(event) => put(day, event.currentTarget.checked ? [["09:00", "18:00"]] : [])}
                    className={styles.dayName}
                  />
                  <div className={styles.spans}>
                    {spans.length === 0 && (
                      <span className={styles.note}>{t("channels:editor.hours.off")}</span>
                    )}
                    {spans.map((span, index) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: spans have no name of their own
                      <div key={index} className={styles.span}>
                        {([0, 1] as const).map((end) => (
                          <TextInput
                            key={end}
                            size="xs"
                            aria-label={t(`channels:editor.hours.${end === 0 ? "from" : "to"}`)}
                            value={span[end]}
                            maxLength={5}
                            error={!isSpan(span)}
                            className={styles.clock}
                            onChange={(event) => {
                              const next: Span =
                                end === 0
                                  ? [event.currentTarget.value, span[1]]
                                  : [span[0], event.currentTarget.value];
                              put(day, spans.with(index, next));
                            }}
                          />
                        ))}
                        {spans.length > 1 && (
                          <IconButton
                            label={t("channels:editor.remove")}
                            size={28}
                            onClick={() =>
                              put(
                                day,
                                spans.filter((_, at) => at !== index),
                              )
                            }
                          >
                            <IconTrash size={16} stroke={1.5} />
                          </IconButton>
                        )}
                        {index === spans.length - 1 && spans.length < 3 && (
                          <IconButton
                            label={t("channels:editor.hours.add")}
                            size={28}
                            onClick={() => put(day, [...spans, ["19:00", "21:00"]])}
                          >
                            <IconPlus size={16} stroke={1.5} />
                          </IconButton>
                        )}
                      </div>
                    ))}
                  </div>
                </li>
              );
            })}
          </ul>
          {(hours.mon ?? []).length > 0 && (
            <div>
              <Button size="compact-sm" variant="default" onClick={() => onChange(spread(hours, "mon"))}>
                {t("channels:editor.hours.spread")}
              </Button>
            </div>
          )}
        </>
      )}
    </EditorFrame>
  );
}
