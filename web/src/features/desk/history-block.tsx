// Everything else this client has written about.
import { Skeleton, UnstyledButton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { Delayed, ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./panel.module.css";
import { PanelBlock } from "./panel-block.tsx";
import { contactConversationsQuery } from "./queries.ts";

export function HistoryBlock({ contactId, currentId }: { contactId: Id; currentId: Id }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(contactConversationsQuery(contactId));
  const items = query.data?.pages.flatMap((page) => page.items).filter((row) => row.id !== currentId) ?? [];
  return (
    <PanelBlock id="history" title={t("desk:panel.history")}>
      {query.isError && items.length === 0 ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} compact />
      ) : query.isPending ? (
        <Delayed>
          <Skeleton height={12} />
        </Delayed>
      ) : items.length === 0 ? (
        <p className={styles.muted}>{t("desk:panel.noHistory")}</p>
      ) : (
        <ul className={styles.history}>
          {items.map((row) => (
            <li key={row.id}>
              <Link
                to="/c/$view/$conversationId"
                params={{ view: "all", conversationId: row.id }}
                search={{}}
                className={styles.past}
              >
                <span className={styles.pastSubject}>{row.subject || t("common:noSubject")}</span>
                <span className={styles.pastMeta}>
                  <span className={styles.pastStatus} data-status={row.status}>
                    {t(`desk:status.${row.status}`)}
                  </span>
                  <span className="tnum">{row.number}</span>
                  <Moment at={row.last_message_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <UnstyledButton
          className={styles.moreButton}
          onClick={() => void query.fetchNextPage()}
          disabled={query.isFetchingNextPage}
        >
          {t("desk:panel.more")}
        </UnstyledButton>
      )}
    </PanelBlock>
  );
}
