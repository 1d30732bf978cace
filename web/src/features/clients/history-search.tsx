// Everything that was ever said with a client, searched by words.
import { Button, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "@/api/http.ts";
import type { FoundMessages } from "@/api/types.ts";
import { marked } from "@/ui/marked.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import type { FormProps } from "./client-dialog.tsx";
import styles from "./clients.module.css";

export function HistorySearch({ client }: FormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const q = useDebounced(text.trim(), 250);
  const found = useInfiniteQuery({
    queryKey: ["client-history", client.id, q],
    queryFn: ({ pageParam, signal }) =>
      get<FoundMessages>(`/contacts/${client.id}/messages`, { q, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: q !== "",
  });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <TextInput
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder={t("clients:history.words")}
        aria-label={t("clients:history.words")}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        data-autofocus
        data-testid="history-search"
      />
      {found.error ? (
        <ErrorState error={found.error} retry={() => void found.refetch()} compact />
      ) : q === "" ? (
        <EmptyState compact title={t("clients:history.title")} text={t("clients:history.text")} />
      ) : found.isSuccess && items.length === 0 ? (
        <EmptyState compact title={t("common:nothingFound")} />
      ) : (
        <ul className={styles.found}>
          {items.map((item) => (
            <li key={item.id} data-testid="history-hit">
              <div className={styles.top}>
                <Link
                  to="/c/$view/$conversationId"
                  params={{ view: "all", conversationId: item.conversation.id }}
                  search={{}}
                >
                  {item.conversation.subject || t("common:noSubject")}
                </Link>
                <span className={styles.muted}>{item.author}</span>
                <Moment at={item.created_at} className={styles.time} />
              </div>
              <div>{marked(item.snippet)}</div>
            </li>
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <Button
          variant="default"
          fullWidth
          mt="md"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t("common:loadMore")}
        </Button>
      )}
    </>
  );
}
