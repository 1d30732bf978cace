// Choosing a time zone by typing the city.
import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { zones } from "@/lib/time-zones.ts";

interface Props {
  label: string;
  description?: string;
  value: string;
  error?: string;
  onChange: (zone: string | null) => void;
}

export function TimeZoneSelect({ value, ...rest }: Props) {
  const { t, i18n } = useTranslation();
  const data = useMemo(
    () => zones(i18n.language === "en" ? "en" : "ru", new Date(), value),
    [i18n.language, value],
  );
  return (
    <Select
      {...rest}
      data={data}
      value={value}
      searchable
      allowDeselect={false}
      maxDropdownHeight={280}
      nothingFoundMessage={t("common:nothingFound")}
      data-testid="time-zone"
    />
  );
}
