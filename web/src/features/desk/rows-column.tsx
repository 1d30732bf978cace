// The rows of one list: sorted, endless, only those on the screen are drawn. j and k go through them.
import { Skeleton } from "@mantine/core";
import { IconClockCheck, IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { Delayed, EmptyState, ErrorState } from "@/ui/states.tsx";
import { useKeys } from "@/ui/use-keys.ts";
import { ConversationRowItem } from "./conversation-row.tsx";
import { NoLines, useNoLines } from "./no-lines.tsx";
import { listQuery } from "./queries.ts";
import type { ListFilter } from "./rows.ts";
import styles from "./rows-column.module.css";
import { RowsHeader, SearchBox } from "./rows-header.tsx";
import { TakeOldest } from "./take-oldest.tsx";
import { viewIcons } from "./views.tsx";

const rowHeight = 60;

interface Props {
  filter: ListFilter;
  selected: Id | undefined;
  /** The column of lists is folded: the heading becomes the way to change the list. */
  compact: boolean;
  onNew: () => void;
  onUnfold?: () => void;
}

export function RowsColumn({ filter, selected, compact, onNew, onUnfold }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const query = useInfiniteQuery({ ...listQuery(filter), placeholderData: keepPreviousData });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const [cursor, setCursor] = useState(0);
  const [byKeys, setByKeys] = useState(false);
  const scroll = useRef<HTMLDivElement>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const total = items.length + (query.hasNextPage ? 1 : 0);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => items[index]?.id ?? "more",
  });
  const drawn = virtual.getVirtualItems();

  const lastDrawn = drawn.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isError } = query;
  useEffect(() => {
    if (lastDrawn >= items.length - 10 && hasNextPage && !isFetchingNextPage && !isError)
      void fetchNextPage();
  }, [lastDrawn, items.length, hasNextPage, isFetchingNextPage, isError, fetchNextPage]);

  const at = items.findIndex((row) => row.id === selected);
  const current = at >= 0 ? at : Math.min(cursor, items.length - 1);
  useEffect(() => {
    if (at >= 0) setCursor(at);
  }, [at]);

  const open = (index: number) => {
    const row = items[index];
    if (!row) return;
    void navigate({
      to: "/c/$view/$conversationId",
      params: { view: filter.view, conversationId: row.id },
      search: (old) => ({ ...old, panel: undefined }),
    });
  };
  const move = (step: number) => {
    // A conversation that has left the list (closed, taken) leaves its place to the next one.
    const from = at >= 0 ? at + step : selected ? cursor + Math.min(step, 0) : cursor + step;
    const next = Math.max(0, Math.min(items.length - 1, from));
    setCursor(next);
    setByKeys(true);
    virtual.scrollToIndex(next, { align: "auto" });
    if (selected) open(next);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    enter: () => open(current),
    "/": () => searchInput.current?.focus(),
  });

  return (
    <section className={styles.column} aria-label={t(`common:view.${filter.view}`)}>
      <RowsHeader filter={filter} compact={compact} onNew={onNew} onUnfold={onUnfold} />
      <SearchBox filter={filter} input={searchInput} />
      {items.length > 0 && <TakeOldest filter={filter} />}
      <div
        className={styles.scroll}
        ref={scroll}
        data-testid="conversation-list"
        data-stale={query.isPlaceholderData || undefined}
      >
        {query.isError && items.length === 0 ? (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Delayed>
            <RowSkeletons count={9} />
          </Delayed>
        ) : items.length === 0 ? (
          <EmptyList filter={filter} alone={onUnfold === undefined} />
        ) : (
          <ul className={styles.canvas} style={{ height: virtual.getTotalSize() }}>
            {drawn.map((place) => {
              const row = items[place.index];
              return (
                <li
                  key={place.key}
                  className={styles.place}
                  style={{ transform: `translateY(${place.start}px)` }}
                >
                  {row ? (
                    <ConversationRowItem
                      row={row}
                      filter={filter}
                      selected={row.id === selected}
                      cursor={byKeys && !selected && place.index === current}
                    />
                  ) : (
                    <RowSkeletons count={1} />
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

function EmptyList({ filter, alone }: { filter: ListFilter; alone: boolean }) {
  const { t } = useTranslation();
  const noLines = useNoLines();
  if (filter.search) {
    return (
      <EmptyState
        icon={<IconSearch size={26} stroke={1.5} />}
        title={t("desk:empty.search")}
        text={t("desk:search.nothing")}
      />
    );
  }
  // On a phone there is no place beside the list that would say it.
  if (noLines && alone) return <NoLines />;
  if (filter.overdue) {
    return (
      <EmptyState
        icon={<IconClockCheck size={26} stroke={1.5} />}
        title={t("sla:filter.empty")}
        text={t("sla:filter.emptyText")}
      />
    );
  }
  return (
    <EmptyState
      icon={viewIcons[filter.view]}
      title={t(`desk:empty.${filter.view}`)}
      text={t(`desk:emptyText.${filter.view}`)}
    />
  );
}

const skeletonWidths = [62, 48, 70, 54, 66, 44, 58, 72, 50];

function RowSkeletons({ count }: { count: number }) {
  return skeletonWidths.slice(0, count).map((width) => (
    <div key={width} className={styles.skeleton}>
      <Skeleton circle height={32} />
      <div>
        <Skeleton height={10} width={`${width}%`} />
        <Skeleton height={10} width={`${Math.min(92, width + 24)}%`} mt={10} />
      </div>
    </div>
  ));
}
