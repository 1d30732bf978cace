// Choosing companies of clients: those chosen by name, others found on the server.
import { MultiSelect } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { Id } from "@/api/types.ts";
import { useDebounced } from "@/ui/use-debounced.ts";
import { companyNamesQuery, companySearchQuery } from "./queries.ts";

interface Props {
  value: Id[];
  onChange: (value: Id[]) => void;
  error?: string;
}

export function CompanyPicker({ value, onChange, error }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const enabled = can("contacts.view");
  const [search, setSearch] = useState("");
  const [seen, setSeen] = useState<Record<Id, string>>({});
  const named = useQuery({
    ...companyNamesQuery(value.filter((id) => !seen[id])),
    enabled,
    placeholderData: keepPreviousData,
  });
  const found = useQuery({
    ...companySearchQuery(useDebounced(search.trim(), 200)),
    enabled,
    placeholderData: keepPreviousData,
  });
  const names: Record<Id, string> = { ...named.data, ...seen };
  for (const { id, name } of found.data?.items ?? []) names[id] = name;
  const chosen = value.map((id) => ({ value: id, label: names[id] ?? t("sla:extra.someCompany") }));
  const others = (found.data?.items ?? []).filter(({ id }) => !value.includes(id));
  return (
    <MultiSelect
      label={t("sla:extra.companies")}
      placeholder={value.length === 0 ? t("sla:extra.any") : undefined}
      data={[...chosen, ...others.map(({ id, name }) => ({ value: id, label: name }))]}
      // The server has searched already.
      filter={({ options }) => options}
      hidePickedOptions
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      value={value}
      onChange={(next) => {
        setSeen(names);
        onChange(next);
      }}
      disabled={!enabled}
      nothingFoundMessage={t("common:nothingFound")}
      error={error}
      data-testid="extra-companies"
    />
  );
}
