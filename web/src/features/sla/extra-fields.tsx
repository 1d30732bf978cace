// One norm for some conversations: which they are, and what they are promised.
import { MultiSelect, TagsInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ChannelKindName, Priority, SlaExtraNorms } from "@/api/types.ts";
import { ScheduleSelect } from "@/ui/schedule-select.tsx";
import { CompanyPicker } from "./company-picker.tsx";
import { NormsEditor } from "./norms-editor.tsx";
import styles from "./policy.module.css";
import type { Faults } from "./schedule-model.ts";

const priorities: Priority[] = ["high", "medium", "low", "none"];
const channels: ChannelKindName[] = [
  "email",
  "chat",
  "telegram",
  "vk",
  "max",
  "whatsapp",
  "viber",
  "custom",
  "form",
  "manual",
];

interface Props {
  at: string;
  extra: SlaExtraNorms;
  faults: Faults;
  onChange: (change: Partial<SlaExtraNorms>) => void;
}

export function ExtraFields({ at, extra, faults, onChange }: Props) {
  const { t } = useTranslation();
  const any = (chosen: readonly unknown[]) => (chosen.length === 0 ? t("sla:extra.any") : undefined);
  return (
    <>
      <TextInput
        label={t("sla:extra.name")}
        placeholder={t("sla:extra.nameExample")}
        value={extra.name}
        maxLength={100}
        error={faults[`${at}.name`]}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        data-testid="extra-name"
      />
      <div className={styles.pair}>
        <MultiSelect
          label={t("sla:extra.priorities")}
          placeholder={any(extra.priorities)}
          data={priorities.map((each) => ({ value: each, label: t(`desk:priority.${each}`) }))}
          value={extra.priorities}
          onChange={(next) => onChange({ priorities: next as Priority[] })}
          data-testid="extra-priorities"
        />
        <MultiSelect
          label={t("sla:extra.channels")}
          placeholder={any(extra.channels)}
          data={channels.map((each) => ({ value: each, label: t(`channels:kind.${each}`) }))}
          value={extra.channels}
          onChange={(next) => onChange({ channels: next as ChannelKindName[] })}
        />
        <CompanyPicker value={extra.companies} onChange={(companies) => onChange({ companies })} />
        <TagsInput
          label={t("sla:extra.categories")}
          placeholder={extra.categories.length === 0 ? t("sla:extra.categoriesExample") : undefined}
          value={extra.categories}
          onChange={(categories) => onChange({ categories })}
          acceptValueOnBlur
          data-testid="extra-categories"
        />
      </div>
      {faults[at] && (
        <p className={styles.error} role="alert">
          {faults[at]}
        </p>
      )}
      <NormsEditor
        at={`${at}.norms`}
        values={extra.norms}
        faults={faults}
        onChange={(norms) => onChange({ norms })}
      />
      <ScheduleSelect
        label={t("sla:policy.schedule")}
        first={[{ value: "", label: t("sla:extra.sameSchedule") }]}
        value={extra.schedule_id ?? ""}
        error={faults[`${at}.schedule_id`]}
        onChange={(value) => onChange({ schedule_id: value || null })}
      />
    </>
  );
}
