// The week of a schedule, day by day.
import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { FormSection } from "@/ui/page.tsx";
import { HoursEditor } from "./hours-editor.tsx";
import { type Edited, type Faults, presets, presetWeek } from "./schedule-model.ts";
import styles from "./sla.module.css";

interface Props {
  weekly: Edited["weekly"];
  faults: Faults;
  onChange: (weekly: Edited["weekly"]) => void;
}

export function WeekEditor({ weekly, faults, onChange }: Props) {
  const { t } = useTranslation();
  const monday = weekly[0]?.intervals ?? [];
  const spread = () =>
    onChange(weekly.map((each) => (each.intervals.length > 0 ? { ...each, intervals: monday } : each)));
  return (
    <FormSection
      title={t("sla:week.title")}
      text={t("sla:week.text")}
      aside={
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="default"
              size="compact-sm"
              className={styles.fill}
              rightSection={<IconChevronDown size={16} stroke={1.5} />}
            >
              {t("sla:week.fill")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {presets.map((preset) => (
              <Menu.Item
                key={preset}
                onClick={() => onChange(presetWeek(preset))}
                data-testid={`preset-${preset}`}
              >
                {t(`sla:preset.${preset}`)}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item disabled={monday.length === 0} onClick={spread}>
              {t("sla:week.spread")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      }
    >
      <ul className={styles.week}>
        {weekly.map((each, index) => (
          <li key={each.day} className={styles.day}>
            <span className={styles.dayName} data-off={each.intervals.length === 0 || undefined}>
              {t(`sla:day.${each.day}`)}
            </span>
            <HoursEditor
              label={t(`sla:day.${each.day}`)}
              at={`weekly[${index}]`}
              faults={faults}
              intervals={each.intervals}
              none={t("sla:week.off")}
              onChange={(intervals) => onChange(weekly.with(index, { ...each, intervals }))}
            />
          </li>
        ))}
      </ul>
    </FormSection>
  );
}
