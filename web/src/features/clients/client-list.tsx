// The column of clients: the line, the search, the filters, and the people, drawn only where they are seen.
import { Chip, NativeSelect, Skeleton, TextInput } from "@mantine/core";
import { IconSearch, IconUsers, IconX } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type MouseEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import type { Client, Id } from "@/api/types.ts";
import { capped } from "@/lib/text.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { Delayed, EmptyState, ErrorState } from "@/ui/states.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import { useKeys } from "@/ui/use-keys.ts";
import { ClientRow } from "./client-row.tsx";
import styles from "./clients.module.css";
import { PeriodMenu } from "./period-menu.tsx";
import { type ClientFilter, clientsQuery } from "./queries.ts";

const filters: ClientFilter[] = ["open", "mine", "favourite", "online"];

interface Props {
  line: Id;
  selected: Id | undefined;
  onLine: (line: Id) => void;
  onOpen: (id: Id) => void;
  onMenu: (client: Client, event: MouseEvent) => void;
}

export function ClientList({ line, selected, onLine, onOpen, onMenu }: Props) {
  const { t } = useTranslation();
  const { lines } = useMe();
  const [text, setText] = useState("");
  const [only, setOnly] = useState<ClientFilter>();
  const search = useDebounced(text.trim(), 250);
  const query = useInfiniteQuery({
    ...clientsQuery(line, { search: search || undefined, only }),
    placeholderData: keepPreviousData,
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const first = query.data?.pages[0];
  const input = useRef<HTMLInputElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState(-1);
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isError } = query;
  const virtual = useVirtualizer({
    count: items.length + (hasNextPage ? 1 : 0),
    getScrollElement: () => scroll.current,
    estimateSize: () => 60,
    overscan: 8,
    getItemKey: (index) => items[index]?.id ?? "more",
  });
  const drawn = virtual.getVirtualItems();
  const lastDrawn = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastDrawn >= items.length - 10 && hasNextPage && !isFetchingNextPage && !isError)
      void fetchNextPage();
  }, [lastDrawn, items.length, hasNextPage, isFetchingNextPage, isError, fetchNextPage]);

  const move = (step: number) => {
    const at = items.findIndex((client) => client.id === selected);
    const next = Math.max(0, Math.min(items.length - 1, (at >= 0 ? at : cursor) + step));
    setCursor(next);
    virtual.scrollToIndex(next, { align: "auto" });
    const client = items[next];
    if (selected && client) onOpen(client.id);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    enter: () => {
      const client = items[cursor];
      if (client) onOpen(client.id);
    },
    "/": () => input.current?.focus(),
  });

  return (
    <section className={styles.column} aria-label={t("clients:title")}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t("clients:title")}</h1>
        {first?.counts && (
          <span className={styles.counts} data-testid="client-counts">
            {t(first.streaming ? "clients:counts.streaming" : "clients:counts.all", {
              actual: capped(first.counts.actual, first.counts.capped_at),
              all: capped(first.counts.all, first.counts.capped_at),
            })}
          </span>
        )}
        {first && <PeriodMenu line={line} days={first.period_days} />}
      </header>
      <div className={styles.tools}>
        {lines.length > 1 && (
          <NativeSelect
            aria-label={t("clients:line")}
            value={line}
            data={lines.map((each) => ({ value: each.id, label: each.name }))}
            onChange={(event) => onLine(event.currentTarget.value)}
            data-testid="client-line"
          />
        )}
        <TextInput
          ref={input}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") setText("");
          }}
          placeholder={t("clients:search")}
          aria-label={t("clients:search")}
          leftSection={<IconSearch size={16} stroke={1.5} />}
          rightSection={
            text ? (
              <IconButton label={t("clients:clear")} size={24} onClick={() => setText("")}>
                <IconX size={14} stroke={1.5} />
              </IconButton>
            ) : null
          }
          data-testid="client-search"
        />
        <fieldset className={styles.filters} aria-label={t("clients:filters")}>
          {filters.map((each) => (
            <Chip
              key={each}
              size="xs"
              checked={only === each}
              onChange={(on) => setOnly(on ? each : undefined)}
              wrapperProps={{ "data-testid": `client-filter-${each}` }}
            >
              {t(`clients:filter.${each}`)}
            </Chip>
          ))}
        </fieldset>
      </div>
      <div className={styles.scroll} ref={scroll} data-testid="client-list">
        {query.isError && items.length === 0 ? (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Delayed>
            <Skeletons />
          </Delayed>
        ) : items.length === 0 ? (
          <EmptyState
            icon={<IconUsers size={26} stroke={1.5} />}
            title={t(search ? "clients:empty.search" : only ? "clients:empty.filter" : "clients:empty.title")}
            text={t(search ? "clients:empty.searchText" : "clients:empty.text")}
          />
        ) : (
          <ul className={styles.canvas} style={{ height: virtual.getTotalSize() }}>
            {drawn.map((place) => {
              const client = items[place.index];
              return (
                <li
                  key={place.key}
                  className={styles.place}
                  style={{ transform: `translateY(${place.start}px)` }}
                >
                  {client && (
                    <ClientRow
                      client={client}
                      selected={client.id === selected}
                      cursor={!selected && place.index === cursor}
                      onOpen={() => onOpen(client.id)}
                      onMenu={(event) => onMenu(client, event)}
                    />
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </section>
  );
}

const skeletonWidths = [62, 48, 70, 54, 66, 44, 58];

function Skeletons() {
  return skeletonWidths.map((width) => (
    <div key={width} className={styles.skeleton}>
      <Skeleton circle height={32} />
      <div>
        <Skeleton height={10} width={`${width}%`} />
        <Skeleton height={10} width={`${Math.min(92, width + 24)}%`} mt={10} />
      </div>
    </div>
  ));
}
