// What a list of tickets is narrowed to, and its order; all of it lives in the address.
import { Select, Switch, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import { type TicketsSearch, ticketSorts, ticketStatuses } from "@/routes/search.ts";
import { useDebounced } from "@/ui/use-debounced.ts";
import { linesQuery, operatorsQuery } from "../queries.ts";
import { servicesQuery } from "./queries.ts";
import styles from "./tickets.module.css";

export function TicketsFilter({ search }: { search: TicketsSearch }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { data: lines } = useQuery(linesQuery);
  const { data: operators } = useQuery(operatorsQuery);
  const { data: services } = useQuery(servicesQuery);
  const put = (change: TicketsSearch) =>
    void navigate({ to: "/tickets", search: (old) => ({ ...old, ...change }), replace: true });
  const offered = (services?.items ?? []).map((folder) => ({
    group: folder.name,
    items: folder.services.map(({ id, name }) => ({ value: id, label: name })),
  }));
  const people = (operators ?? []).filter((each) => each.id !== me.id);
  return (
    <search className={styles.filter} aria-label={t("desk:tickets.filter")}>
      <Words words={search.search ?? ""} onChange={(words) => put({ search: words || undefined })} />
      <Select
        aria-label={t("desk:ticket.status")}
        data={ticketStatuses.map((value) => ({ value, label: t(`desk:tickets.status.${value}`) }))}
        value={search.status ?? "open"}
        allowDeselect={false}
        onChange={(next) => {
          const status = ticketStatuses.find((each) => each === next);
          put({ status: status === "open" ? undefined : status });
        }}
        data-testid="tickets-status"
      />
      <Select
        aria-label={t("desk:ticket.owner")}
        data={[
          { value: "", label: t("desk:tickets.anyOwner") },
          { value: me.id, label: t("desk:tickets.mine") },
          { value: "none", label: t("desk:tickets.unowned") },
          ...people.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={search.owner ?? ""}
        allowDeselect={false}
        searchable
        onChange={(next) => put({ owner: next || undefined })}
        nothingFoundMessage={t("common:nothingFound")}
        data-testid="tickets-owner"
      />
      {(lines?.items.length ?? 0) > 1 && (
        <Select
          aria-label={t("desk:tickets.line")}
          data={[
            { value: "", label: t("desk:tickets.anyLine") },
            ...(lines?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={search.line ?? ""}
          allowDeselect={false}
          onChange={(next) => put({ line: next || undefined })}
          data-testid="tickets-line"
        />
      )}
      {offered.some(({ items }) => items.length > 0) && (
        <Select
          aria-label={t("desk:ticket.service")}
          data={[{ value: "", label: t("desk:tickets.anyService") }, ...offered]}
          value={search.service ?? ""}
          allowDeselect={false}
          searchable
          onChange={(next) => put({ service: next || undefined })}
          nothingFoundMessage={t("common:nothingFound")}
          data-testid="tickets-service"
        />
      )}
      <Select
        aria-label={t("desk:sort.title")}
        data={ticketSorts.map((value) => ({ value, label: t(`desk:tickets.sort.${value}`) }))}
        value={search.first ?? "deadline"}
        allowDeselect={false}
        onChange={(next) => {
          const first = ticketSorts.find((each) => each === next);
          put({ first: first === "deadline" ? undefined : first });
        }}
        data-testid="tickets-sort"
      />
      <Switch
        label={t("sla:filter.onlyOverdue")}
        checked={search.overdue ?? false}
        onChange={(event) => put({ overdue: event.currentTarget.checked || undefined })}
        className={styles.overdue}
        data-testid="tickets-overdue"
      />
      <Switch
        label={t("terms:tariff.onlyBeyond")}
        checked={search.beyond ?? false}
        onChange={(event) => put({ beyond: event.currentTarget.checked || undefined })}
        className={styles.overdue}
        data-testid="tickets-beyond"
      />
    </search>
  );
}

/** The words live in the address, the keystrokes here. */
function Words({ words, onChange }: { words: string; onChange: (words: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(words);
  const settled = useDebounced(text.trim(), 250);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed and has settled is told
  useEffect(() => {
    if (settled !== words) onChange(settled);
  }, [settled]);
  return (
    <TextInput
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      placeholder={t("desk:tickets.search")}
      aria-label={t("desk:tickets.search")}
      leftSection={<IconSearch size={16} stroke={1.5} />}
      data-testid="tickets-search"
    />
  );
}
