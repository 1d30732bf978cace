// What stands above the rows of a list: its name, the menu that sorts and filters it, and the search.
import { Menu, TextInput, UnstyledButton } from "@mantine/core";
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
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { address } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { ChannelKindName, Id, Sort } from "@/api/types.ts";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import { linesQuery, sourcesQuery } from "./queries.ts";
import type { ListFilter } from "./rows.ts";
import styles from "./rows-column.module.css";
import { shownViews, useCounter, viewIcons } from "./views.tsx";

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
  "group",
];
const sorts: Sort[] = ["newest", "oldest", "deadline", "number"];

interface Props {
  filter: ListFilter;
  /** The column of lists is folded: the heading becomes the way to change the list. */
  compact: boolean;
  onNew: () => void;
  onUnfold?: () => void;
}

export function RowsHeader({ filter, compact, onNew, onUnfold }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const counter = useCounter();
  const { data: lines } = useQuery(linesQuery);
  const line = lines?.items.find((each) => each.id === filter.line);
  const { data: sources } = useQuery({ ...sourcesQuery, enabled: filter.source !== undefined });
  const source = sources?.items.find((each) => each.id === filter.source);
  const title = (
    <>
      <span className={styles.titleText}>
        {filter.search ? t("common:nav.search") : (line?.name ?? t(`common:view.${filter.view}`))}
      </span>
      {line && !filter.search && <span className={styles.titleNote}>{t(`common:view.${filter.view}`)}</span>}
      {filter.channel && <span className={styles.titleNote}>{t(`channels:kind.${filter.channel}`)}</span>}
      {source && <span className={styles.titleNote}>{source.name}</span>}
      {filter.overdue && <span className={styles.titleNote}>{t("sla:filter.overdue")}</span>}
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
            <IconButton
              label={t("desk:filter.tool")}
              data-active={filter.channel !== undefined || filter.overdue}
            >
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
                data-testid={`sort-${sort}`}
              >
                {t(sort === "deadline" ? "sla:filter.sort" : `desk:sort.${sort}`)}
              </Menu.Item>
            ))}
            {!filter.search && (
              <Menu.Item
                onClick={() =>
                  void navigate({
                    to: ".",
                    search: (old) => ({ ...old, overdue: filter.overdue ? undefined : true }),
                  })
                }
                rightSection={filter.overdue ? <IconCheck size={16} stroke={1.5} /> : null}
                data-testid="filter-overdue"
              >
                {t("sla:filter.onlyOverdue")}
              </Menu.Item>
            )}
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
            <SourceItems source={filter.source} />
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

/** Where calls, visits and forms came from: the dictionary of sources. */
function SourceItems({ source }: { source: Id | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data } = useQuery(sourcesQuery);
  const offered = (data?.items ?? []).filter((each) => !each.archived || each.id === source);
  if (offered.length === 0) return null;
  return (
    <>
      <Menu.Label>{t("desk:filter.source")}</Menu.Label>
      {[{ id: undefined, name: t("desk:filter.anySource") }, ...offered].map(({ id, name }) => (
        <Menu.Item
          key={id ?? "any"}
          onClick={() => void navigate({ to: ".", search: (old) => ({ ...old, source: id }) })}
          rightSection={id === source ? <IconCheck size={16} stroke={1.5} /> : null}
          data-testid={`source-${id ?? "any"}`}
        >
          {name}
        </Menu.Item>
      ))}
    </>
  );
}

/** Narrows the list by words. The words live in the address, the keystrokes here. */
export function SearchBox({
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
