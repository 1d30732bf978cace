// The column of lists: what waits for whom, and the lines beneath.
import { Skeleton } from "@mantine/core";
import { IconChevronsLeft, IconPencilPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { View } from "@/api/types.ts";
import { capped } from "@/lib/text.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import styles from "./lists-column.module.css";
import { countersQuery, linesQuery } from "./queries.ts";
import { shownViews, useCounter, viewIcons } from "./views.tsx";

interface Props {
  view: View;
  line: string | undefined;
  onFold: () => void;
  onNew: () => void;
}

export function ListsColumn({ view, line, onFold, onNew }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const counter = useCounter();
  const { data: counters } = useQuery(countersQuery);
  const { data: lines, isPending } = useQuery(linesQuery);

  return (
    <nav className={styles.column} aria-label={t("desk:lists.title")}>
      <header className={styles.header}>
        <p className={styles.title}>{t("common:nav.conversations")}</p>
        {can("conversations.create") && (
          <IconButton label={t("desk:new.title")} keys="c" onClick={onNew} data-testid="new-conversation">
            <IconPencilPlus size={18} stroke={1.5} />
          </IconButton>
        )}
        <IconButton label={t("desk:lists.fold")} keys="[" onClick={onFold}>
          <IconChevronsLeft size={18} stroke={1.5} />
        </IconButton>
      </header>
      <ul className={styles.list}>
        {shownViews.map((each) => (
          <li key={each}>
            <Link
              to="/c/$view"
              params={{ view: each }}
              search={{}}
              className={styles.item}
              data-active={(each === view && !line) || undefined}
              aria-current={each === view && !line ? "page" : undefined}
              data-testid={`view-${each}`}
            >
              {viewIcons[each]}
              <span className={styles.name}>{t(`common:view.${each}`)}</span>
              <span className={styles.count} data-testid={`counter-${each}`}>
                {counter(each)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <p className={styles.label}>{t("desk:lists.lines")}</p>
      <ul className={styles.list}>
        {isPending &&
          [60, 80, 50].map((width) => (
            <li key={width} className={styles.item}>
              <Skeleton height={12} width={`${width}%`} />
            </li>
          ))}
        {lines?.items.map((each) => {
          const open = counters?.lines.find((found) => found.line_id === each.id)?.open ?? 0;
          return (
            <li key={each.id}>
              <Link
                to="/c/$view"
                params={{ view: each.id === line ? view : "open" }}
                search={{ line: each.id }}
                className={styles.item}
                data-active={each.id === line || undefined}
                aria-current={each.id === line ? "page" : undefined}
                title={each.name}
              >
                <span className={styles.key}>{each.key.slice(0, 2)}</span>
                <span className={styles.name}>{each.name}</span>
                <span className={styles.count}>
                  {open > 0 ? capped(open, counters?.capped_at ?? 1000) : null}
                </span>
              </Link>
            </li>
          );
        })}
        {lines?.items.length === 0 && <li className={styles.none}>{t("desk:lists.noLines")}</li>}
      </ul>
    </nav>
  );
}
