// Records to compare with, chosen by name: people, groups and channels from a list, clients and companies by searching.
import { MultiSelect, type OptionsFilter, Select } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { useDebounced } from "@/ui/use-debounced.ts";
import type { TestNode } from "./condition.ts";
import { useEditing } from "./condition-editor.tsx";
import {
  channelNamesQuery,
  companyNamesQuery,
  companySearchQuery,
  contactNameQuery,
  contactSearchQuery,
  groupNamesQuery,
  operatorNamesQuery,
} from "./queries.ts";
import type { Attribute } from "./types.ts";

interface Props {
  attribute: Attribute;
  test: TestNode;
  wrong: boolean;
  list: boolean;
  onChange: (value: unknown) => void;
}

const everything: OptionsFilter = ({ options }) => options;

export function IdsValue({ attribute, test, wrong, list, onChange }: Props) {
  const { t } = useTranslation();
  const { names } = useEditing();
  const [typed, setTyped] = useState("");
  const searched = attribute.source === "contacts" || attribute.source === "companies";
  const found = useFound(attribute.source, useDebounced(typed.trim(), 200));
  const remember = useRemember();
  const chosen = [test.value].flat().filter((id): id is string => typeof id === "string" && id !== "");
  const known = new Map(found.map(({ id, name }) => [id, name]));
  const others = chosen.filter((id) => !known.has(id));
  const shared = {
    size: "xs",
    "aria-label": t("rules:condition.value"),
    data: [
      ...others.map((id) => ({ value: id, label: names.get(id) ?? t("rules:said.unknown") })),
      ...found.map(({ id, name }) => ({ value: id, label: name })),
    ],
    error: wrong,
    searchable: true,
    onSearchChange: setTyped,
    nothingFoundMessage: t("common:nothingFound"),
    // What the server found it found by more than the name.
    filter: searched ? everything : undefined,
    "data-testid": "test-value",
  } as const;
  const take = (ids: string[]) => {
    for (const id of ids) remember(attribute.source, id, known.get(id));
  };
  if (!list) {
    const [value = null] = chosen;
    return (
      <Select
        {...shared}
        allowDeselect={false}
        placeholder={t(searched ? "rules:condition.search" : "rules:condition.choose")}
        value={value}
        onChange={(id) => {
          take(id ? [id] : []);
          onChange(id);
        }}
      />
    );
  }
  const placeholder = t(searched ? "rules:condition.search" : "rules:condition.choose");
  return (
    <MultiSelect
      {...shared}
      placeholder={chosen.length === 0 ? placeholder : undefined}
      value={chosen}
      onChange={(ids) => {
        take(ids);
        onChange(ids);
      }}
    />
  );
}

function useFound(source: Attribute["source"], search: string): { id: string; name: string }[] {
  const can = useCan();
  const { line } = useEditing();
  const groups = useQuery({ ...groupNamesQuery, enabled: source === "groups" });
  const operators = useQuery({ ...operatorNamesQuery, enabled: source === "users" });
  const channels = useQuery({
    ...channelNamesQuery,
    enabled: source === "channels" && can("channels.manage"),
  });
  const contacts = useQuery({
    ...contactSearchQuery(line, search),
    enabled: source === "contacts" && can("contacts.view"),
  });
  const companies = useQuery({
    ...companySearchQuery(search),
    enabled: source === "companies" && can("contacts.view"),
  });
  switch (source) {
    case "groups":
      return groups.data ?? [];
    case "users":
      return operators.data ?? [];
    case "channels":
      return (channels.data ?? []).filter((channel) => channel.line.id === line);
    case "contacts":
      return contacts.data ?? [];
    case "companies":
      return companies.data ?? [];
    default:
      return [];
  }
}

/** The name of what was just chosen is known: nobody has to be asked for it. */
function useRemember() {
  const client = useQueryClient();
  return (source: Attribute["source"], id: string, name: string | undefined) => {
    if (name === undefined) return;
    if (source === "contacts") client.setQueryData(contactNameQuery(id).queryKey, { id, name });
    if (source === "companies") client.setQueryData(companyNamesQuery([id]).queryKey, [{ id, name }]);
  };
}
