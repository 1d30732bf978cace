// A client of the line, found by name, mail or phone; nobody: a stranger writes.
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { Id } from "@/api/types.ts";
import { useDebounced } from "@/ui/use-debounced.ts";
import { contactNameQuery, contactSearchQuery } from "./queries.ts";

interface Props {
  line: Id;
  /** Empty: nobody. */
  chosen: Id;
  onChange: (id: Id) => void;
}

export function ClientPicker({ line, chosen, onChange }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const [typed, setTyped] = useState("");
  const search = useDebounced(typed.trim(), 200);
  const found = useQuery({ ...contactSearchQuery(line, search), enabled: can("contacts.view") });
  const { data: known } = useQuery({
    ...contactNameQuery(chosen),
    enabled: chosen !== "" && can("contacts.view"),
  });
  if (!can("contacts.view")) return null;
  const data = (found.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (known && !data.some(({ value }) => value === known.id))
    data.unshift({ value: known.id, label: known.name });
  return (
    <Select
      label={t("rules:try.client")}
      placeholder={t("rules:try.stranger")}
      data={data}
      value={chosen || null}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("rules:try.clearClient") }}
      // What the server found it found by more than the name.
      filter={({ options }) => options}
      onSearchChange={setTyped}
      nothingFoundMessage={t("common:nothingFound")}
      onChange={(id) => onChange(id ?? "")}
      data-testid="try-client"
    />
  );
}
