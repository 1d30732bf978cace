// Search over every conversation the person may see: a number finds at once, words find in all messages, newest first.
import { Skeleton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SearchHit } from "@/api/types.ts";
import { setTitle } from "@/lib/title.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { marked } from "@/ui/marked.tsx";
import { Delayed, EmptyState, ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import { useKeys } from "@/ui/use-keys.ts";
import { searchQuery } from "./queries.ts";
import styles from "./search-page.module.css";

export function SearchPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { q = "" } = useSearch({ from: "/shell/search" });
  const [text, setText] = useState(q);
  const input = useRef<HTMLInputElement>(null);
  const settled = useDebounced(text.trim(), 220);
  const sent = useRef(q);
  useEffect(() => setTitle(t("common:nav.search")), [t]);
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    if (settled === sent.current) return;
    sent.current = settled;
    void navigate({ to: "/search", search: { q: settled || undefined }, replace: true });
  }, [settled, navigate]);
  useEffect(() => {
    if (q === sent.current) return;
    sent.current = q;
    setText(q);
  }, [q]);
  useKeys({ "/": () => input.current?.focus() });

  const { data, error, isFetching, refetch } = useQuery(searchQuery(q));
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <h1 className="visually-hidden">{t("common:nav.search")}</h1>
        <TextInput
          ref={input}
          size="lg"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder={t("desk:search.placeholder")}
          aria-label={t("desk:search.placeholder")}
          leftSection={<IconSearch size={20} stroke={1.5} />}
          classNames={{ input: styles.input }}
          data-testid="search-input"
        />
        {error && !data ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : q === "" ? (
          <EmptyState
            icon={<IconSearch size={28} stroke={1.5} />}
            title={t("desk:search.title")}
            text={t("desk:search.text")}
          />
        ) : !data ? (
          <Delayed>
            <div className={styles.results}>
              {[66, 52, 74, 60].map((width) => (
                <div key={width} className={styles.hit}>
                  <Skeleton circle height={32} />
                  <div className={styles.words}>
                    <Skeleton height={12} width={`${width}%`} />
                    <Skeleton height={10} width="90%" mt={10} />
                  </div>
                </div>
              ))}
            </div>
          </Delayed>
        ) : data.items.length === 0 ? (
          <EmptyState
            icon={<IconSearch size={28} stroke={1.5} />}
            title={t("desk:empty.search")}
            text={t("desk:search.nothing")}
          />
        ) : (
          <ul className={styles.results} aria-busy={isFetching}>
            {data.items.map((hit) => (
              <Hit key={hit.conversation.id} hit={hit} />
            ))}
          </ul>
        )}
      </div>
    </main>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  const { t } = useTranslation();
  const row = hit.conversation;
  return (
    <li>
      <Link
        to="/c/$view/$conversationId"
        params={{ view: "all", conversationId: row.id }}
        search={{}}
        className={styles.hit}
        data-testid="search-hit"
      >
        <Avatar name={row.contact.name} color={row.contact.avatar_color} />
        <span className={styles.words}>
          <span className={styles.top}>
            <span className={styles.subject}>{row.subject || t("common:noSubject")}</span>
            <Moment at={row.last_message_at} className={styles.quiet} />
          </span>
          <span className={styles.meta}>
            <span className="tnum">{row.number}</span>
            <span>
              {row.contact.company ? `${row.contact.name}, ${row.contact.company.name}` : row.contact.name}
            </span>
            <span>{row.line.name}</span>
            <span>{t(`desk:status.${row.status}`)}</span>
          </span>
          <span className={styles.snippet}>{hit.snippet ? marked(hit.snippet) : row.preview}</span>
        </span>
      </Link>
    </li>
  );
}
