// The rows of one list: sorted, endless, only those on the screen are drawn. j and k go through them.
import { Menu, Skeleton, TextInput, UnstyledButton } from "@mantine/core";
import {
  IconArrowsSort,
  IconCheck,
  IconChevronDown,
  IconChevronsRight,
  IconDownload,
  IconPencilPlus,
  IconSearch,
  IconX,
} from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { address } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { ChannelKindName, Id, Sort } from "@/api/types.ts";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { Delayed, EmptyState, ErrorState } from "@/ui/states.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import { useKeys } from "@/ui/use-keys.ts";
import { ConversationRowItem } from "./conversation-row.tsx";
import { linesQuery, listQuery } from "./queries.ts";
import type { ListFilter } from "./rows.ts";
import styles from "./rows-column.module.css";
import { shownViews, useCounter, viewIcons } from "./views.tsx";

const rowHeight = 60;
const channels: ChannelKindName[] = [
  "email",
  "chat",
  "telegram",
  "vk",
  "max",
  "whatsapp",
  "viber",
  "custom",
  "form",
  "manual",
];
const sorts: Sort[] = ["newest", "oldest", "number"];

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
      <Header filter={filter} compact={compact} onNew={onNew} onUnfold={onUnfold} />
      <SearchBox filter={filter} input={searchInput} />
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
          <EmptyList filter={filter} />
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

function Header({
  filter,
  compact,
  onNew,
  onUnfold,
}: Pick<Props, "filter" | "compact" | "onNew" | "onUnfold">) {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const counter = useCounter();
  const { data: lines } = useQuery(linesQuery);
  const line = lines?.items.find((each) => each.id === filter.line);
  const title = (
    <>
      <span className={styles.titleText}>
        {filter.search ? t("common:nav.search") : (line?.name ?? t(`common:view.${filter.view}`))}
      </span>
      {line && !filter.search && <span className={styles.titleNote}>{t(`common:view.${filter.view}`)}</span>}
      {filter.channel && <span className={styles.titleNote}>{t(`channels:kind.${filter.channel}`)}</span>}
    </>
  );
  return (
    <header className={styles.header}>
      {compact ? (
        <Menu width={260}>
          <Menu.Target>
            <UnstyledButton className={styles.title} data-testid="view-menu">
              {title}
              <IconChevronDown size={16} stroke={1.5} />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {shownViews.map((view) => (
              <Menu.Item
                key={view}
                data-testid={`menu-view-${view}`}
                leftSection={viewIcons[view]}
                rightSection={<span className={styles.count}>{counter(view)}</span>}
                onClick={() => void navigate({ to: "/c/$view", params: { view }, search: {} })}
              >
                {t(`common:view.${view}`)}
              </Menu.Item>
            ))}
            <Menu.Label>{t("desk:lists.lines")}</Menu.Label>
            {lines?.items.map((each) => (
              <Menu.Item
                key={each.id}
                onClick={() =>
                  void navigate({ to: "/c/$view", params: { view: "open" }, search: { line: each.id } })
                }
                rightSection={each.id === filter.line ? <IconCheck size={16} stroke={1.5} /> : null}
              >
                {each.name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : (
        <h1 className={styles.title}>{title}</h1>
      )}
      <div className={styles.tools}>
        <Menu position="bottom-end">
          <Menu.Target>
            <IconButton label={t("desk:filter.tool")} data-active={filter.channel !== undefined || undefined}>
              <IconArrowsSort size={18} stroke={1.5} />
            </IconButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t("desk:sort.title")}</Menu.Label>
            {sorts.map((sort) => (
              <Menu.Item
                key={sort}
                onClick={() =>
                  void navigate({
                    to: ".",
                    search: (old) => ({ ...old, sort: sort === "newest" ? undefined : sort }),
                  })
                }
                rightSection={sort === filter.sort ? <IconCheck size={16} stroke={1.5} /> : null}
              >
                {t(`desk:sort.${sort}`)}
              </Menu.Item>
            ))}
            {can("conversations.export") && !filter.search && (
              <>
                <Menu.Label>{t("clients:export.title")}</Menu.Label>
                {(["xlsx", "csv"] as const).map((format) => (
                  <Menu.Item
                    key={format}
                    component="a"
                    href={address("/conversations/export", { ...filter, format })}
                    download
                    leftSection={<IconDownload size={16} stroke={1.5} />}
                    data-testid={`export-${format}`}
                  >
                    {t(`clients:export.${format}`)}
                  </Menu.Item>
                ))}
              </>
            )}
            <Menu.Label>{t("desk:filter.channel")}</Menu.Label>
            {[undefined, ...channels].map((channel) => (
              <Menu.Item
                key={channel ?? "all"}
                leftSection={channel && <ChannelMark kind={channel} size={16} colored />}
                onClick={() => void navigate({ to: ".", search: (old) => ({ ...old, channel }) })}
                rightSection={channel === filter.channel ? <IconCheck size={16} stroke={1.5} /> : null}
                data-testid={`filter-${channel ?? "all"}`}
              >
                {channel ? t(`channels:kind.${channel}`) : t("desk:filter.all")}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        {compact && can("conversations.create") && (
          <IconButton label={t("desk:new.title")} keys="c" onClick={onNew} data-testid="new-conversation">
            <IconPencilPlus size={18} stroke={1.5} />
          </IconButton>
        )}
        {compact && onUnfold && (
          <IconButton label={t("desk:lists.unfold")} keys="[" onClick={onUnfold}>
            <IconChevronsRight size={18} stroke={1.5} />
          </IconButton>
        )}
      </div>
    </header>
  );
}

/** Narrows the list by words. The words live in the address, the keystrokes here. */
function SearchBox({
  filter,
  input,
}: {
  filter: ListFilter;
  input: React.RefObject<HTMLInputElement | null>;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState(filter.search ?? "");
  const settled = useDebounced(text.trim(), 250);
  const shown = filter.search ?? "";
  const sent = useRef(shown);
  useEffect(() => {
    if (settled === sent.current) return;
    sent.current = settled;
    void navigate({ to: ".", search: (old) => ({ ...old, search: settled || undefined }), replace: true });
  }, [settled, navigate]);
  // The address was changed from elsewhere: another list was opened, or "back" was pressed.
  useEffect(() => {
    if (shown === sent.current) return;
    sent.current = shown;
    setText(shown);
  }, [shown]);
  return (
    <div className={styles.search}>
      <TextInput
        ref={input}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setText("");
          event.currentTarget.blur();
        }}
        placeholder={t("desk:rows.search")}
        aria-label={t("desk:rows.search")}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        rightSection={
          text ? (
            <IconButton label={t("desk:rows.clear")} size={24} onClick={() => setText("")}>
              <IconX size={14} stroke={1.5} />
            </IconButton>
          ) : null
        }
        classNames={{ input: styles.searchInput }}
        data-testid="list-search"
      />
    </div>
  );
}

function EmptyList({ filter }: { filter: ListFilter }) {
  const { t } = useTranslation();
  if (filter.search) {
    return (
      <EmptyState
        icon={<IconSearch size={26} stroke={1.5} />}
        title={t("desk:empty.search")}
        text={t("desk:search.nothing")}
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
