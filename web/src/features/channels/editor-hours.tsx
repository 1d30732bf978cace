// When somebody answers in the chat: as the line does, always, or by a schedule of the chat's own.
import { useTranslation } from "react-i18next";
import { ScheduleSelect } from "@/ui/schedule-select.tsx";
import type { JsonEditorProps } from "./json-field.tsx";

export function HoursEditor({ field, value, onChange, error }: JsonEditorProps) {
  const { t } = useTranslation();
  return (
    <ScheduleSelect
      label={field.label}
      description={t("channels:editor.hours.help")}
      first={(["line", "always"] as const).map((each) => ({
        value: each,
        label: t(`channels:editor.hours.${each}`),
      }))}
      value={String(value ?? "") || "line"}
      error={error}
      onChange={onChange}
      testId={`setting-${field.name}`}
    />
  );
}
