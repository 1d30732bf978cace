// The client a ticket is for, found by name; nobody in particular is fine.
import { Select } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "@/api/http.ts";
import type { Id, Page } from "@/api/types.ts";
import { useDebounced } from "@/ui/use-debounced.ts";

interface Props {
  line: Id;
  value: string;
  error: string | undefined;
  onChange: (id: string) => void;
}

export function ClientSelect({ line, value, error, onChange }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const settled = useDebounced(words.trim(), 250);
  const found = useQuery({
    queryKey: ["tickets-clients", line, settled],
    queryFn: ({ signal }) =>
      get<Page<{ id: Id; name: string }>>(`/lines/${line}/clients`, { search: settled, limit: 20 }, signal),
    placeholderData: keepPreviousData,
    enabled: settled !== "" && line !== "",
  });
  return (
    <Select
      label={t("desk:tickets.client")}
      placeholder={t("desk:tickets.clientSearch")}
      data={(found.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("desk:tickets.noClient") }}
      value={value || null}
      error={error}
      onChange={(next) => onChange(next ?? "")}
      searchValue={words}
      onSearchChange={setWords}
      filter={({ options }) => options}
      nothingFoundMessage={settled && !found.isPending ? t("common:nothingFound") : undefined}
    />
  );
}
