// The category of a client or a company: one of those that are listed, or another word.
import { Autocomplete } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { clientCategoriesQuery } from "@/api/terms.ts";

interface Props {
  label: string;
  description?: string;
  value: string;
  error?: string;
  onChange: (value: string) => void;
  testId?: string;
}

export function CategoryField({ label, description, value, error, onChange, testId }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(clientCategoriesQuery);
  return (
    <Autocomplete
      label={label}
      description={description}
      placeholder={t("terms:category.none")}
      data={(data?.items ?? []).map(({ name }) => name)}
      value={value}
      onChange={onChange}
      maxLength={60}
      error={error}
      data-testid={testId}
    />
  );
}
