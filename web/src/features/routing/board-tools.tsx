// What stands above the board: its line, who is shown, in which order, and the search.
import { SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconArrowsSort, IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import type { Id } from "@/api/types.ts";
import { Keys } from "@/ui/keys.tsx";
import styles from "./board.module.css";
import { type BoardFilter, boardOrders, boardPeople } from "./board-logic.ts";

interface Props {
  line: Id;
  filter: BoardFilter;
  onWords: (words: string) => void;
}

export function BoardTools({ line, filter, onWords }: Props) {
  const { t } = useTranslation();
  const { lines } = useMe();
  const navigate = useNavigate();
  const show = (change: { line?: Id; people?: BoardFilter["people"]; order?: BoardFilter["order"] }) =>
    void navigate({ to: "/board", search: (old) => ({ ...old, ...change }), replace: true });
  return (
    <header className={styles.tools}>
      <h1 className={styles.title}>{t("staff:board.title")}</h1>
      <Select
        aria-label={t("staff:board.line")}
        data={lines.map((each) => ({ value: each.id, label: each.name }))}
        value={line}
        onChange={(next) => next && show({ line: next })}
        allowDeselect={false}
        searchable={lines.length > 8}
        nothingFoundMessage={t("common:nothingFound")}
        className={styles.line}
        data-testid="board-line"
      />
      <TextInput
        aria-label={t("staff:board.search")}
        placeholder={t("staff:board.search")}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        value={filter.words}
        onChange={(event) => onWords(event.currentTarget.value)}
        className={styles.search}
        data-testid="board-search"
      />
      <SegmentedControl
        aria-label={t("staff:board.people.label")}
        size="xs"
        data={boardPeople.map((value) => ({ value, label: t(`staff:board.people.${value}`) }))}
        value={filter.people}
        onChange={(people) => show({ people: people === "all" ? undefined : people })}
        data-testid="board-people"
      />
      <Select
        aria-label={t("staff:board.order.label")}
        leftSection={<IconArrowsSort size={16} stroke={1.5} />}
        data={boardOrders.map((value) => ({ value, label: t(`staff:board.order.${value}`) }))}
        value={filter.order}
        onChange={(order) => order && show({ order: order === "name" ? undefined : order })}
        allowDeselect={false}
        className={styles.order}
        data-testid="board-order"
      />
      <p className={styles.hint}>
        <Keys keys="m" /> {t("staff:board.hint")}
      </p>
    </header>
  );
}
