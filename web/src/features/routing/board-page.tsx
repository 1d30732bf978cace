// Distribution by hand: what nobody has, and what each operator of a line has. Cards go from column to column.
import { IconLayoutKanban } from "@tabler/icons-react";
import { useIsMutating, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import type { ConversationRow, Id, Person } from "@/api/types.ts";
import { readStored, writeStored } from "@/lib/storage.ts";
import { setTitle } from "@/lib/title.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import styles from "./board.module.css";
import { BoardColumnView, BoardSkeleton, queueColumn } from "./board-column.tsx";
import { goOverCards } from "./board-keys.ts";
import { type BoardFilter, shownBoard } from "./board-logic.ts";
import { type Board, boardQuery, takersQuery } from "./board-queries.ts";
import { BoardTools } from "./board-tools.tsx";
import { useFollowed } from "./follow.ts";
import { moveKey, useMove } from "./use-move.ts";
import { useTouchDrag } from "./use-touch-drag.ts";

const route = getRouteApi("/shell/board");
const lineKey = "otklik.board.line";

export function BoardPage() {
  const { t } = useTranslation();
  const { lines } = useMe();
  const search = route.useSearch();
  const wanted = search.line ?? readStored<string>(lineKey, "");
  const line = lines.find((each) => each.id === wanted) ?? lines[0];
  useEffect(() => setTitle(t("staff:board.title")), [t]);
  useEffect(() => {
    if (line) writeStored(lineKey, line.id);
  }, [line]);
  return (
    <Allowed need="conversations.assign">
      {line ? (
        <LineBoard key={line.id} line={line.id} />
      ) : (
        <EmptyState
          icon={<IconLayoutKanban size={28} stroke={1.5} />}
          title={t("staff:board.noLines")}
          text={t("staff:board.noLinesText")}
        />
      )}
    </Allowed>
  );
}

function LineBoard({ line }: { line: Id }) {
  const { t } = useTranslation();
  const { people = "all", order = "name" } = route.useSearch();
  const [words, setWords] = useState("");
  const moving = useIsMutating({ mutationKey: moveKey }) > 0;
  const board = useQuery({ ...boardQuery(line), refetchInterval: moving ? false : 30_000 });
  useFollowed(boardQuery(line).queryKey, {
    busy: () => moving,
    // Statuses and groups belong to no line.
    concerns: (event) => !event.line_id || event.line_id === line,
  });
  const filter: BoardFilter = { people, order, words };
  return (
    <main className={styles.page}>
      <BoardTools line={line} filter={filter} onWords={setWords} />
      {board.error && !board.data ? (
        <ErrorState error={board.error} retry={() => void board.refetch()} />
      ) : !board.data ? (
        <BoardSkeleton />
      ) : board.data.columns.length === 0 && board.data.unassigned_total === 0 ? (
        <EmptyState
          icon={<IconLayoutKanban size={28} stroke={1.5} />}
          title={t("staff:board.empty")}
          text={t("staff:board.emptyText")}
        />
      ) : (
        <Columns line={line} board={board.data} filter={filter} />
      )}
    </main>
  );
}

function Columns({ line, board, filter }: { line: Id; board: Board; filter: BoardFilter }) {
  const { t } = useTranslation();
  const me = useMe();
  const move = useMove(line);
  const [dragged, setDragged] = useState<ConversationRow | null>(null);
  const [told, setTold] = useState("");
  const takers = useQuery({ ...takersQuery(dragged?.id ?? ""), enabled: dragged !== null });
  const shown = shownBoard(board, filter);

  const moveTo = (card: ConversationRow, to: Person | null) => {
    setDragged(null);
    if ((card.assignee?.id ?? null) === (to?.id ?? null)) return;
    const name = to?.name ?? t("staff:board.unassigned");
    move.mutate(
      { card, to },
      { onSuccess: () => setTold(t("staff:board.moved", { name: card.contact.name, to: name })) },
    );
  };
  /** Why this person cannot be given what is being dragged. */
  const refusal = (person: Person) =>
    person.id === me.id
      ? null
      : (takers.data?.operators.find((each) => each.user.id === person.id && !each.available)?.reason ??
        null);
  const columns = useRef<HTMLDivElement>(null);
  const all = [...board.unassigned, ...board.columns.flatMap((column) => column.conversations)];
  const over = useTouchDrag(columns, {
    find: (id) => all.find((row) => row.id === id),
    onDrag: setDragged,
    onDrop: (card, column) => {
      const person = board.columns.find(({ operator }) => operator.user.id === column)?.operator.user ?? null;
      if (person === null || refusal(person) === null) moveTo(card, person);
    },
  });
  const shared = {
    line,
    dragged,
    onDrag: setDragged,
    onMove: moveTo,
    searching: filter.words.trim() !== "",
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys go over the cards inside, which are links
    <div ref={columns} className={styles.columns} onKeyDown={goOverCards} data-testid="board">
      <BoardColumnView
        {...shared}
        operator={null}
        rows={shown.unassigned}
        total={shown.unassigned_total}
        refusal={null}
        touched={over === queueColumn}
      />
      {shown.columns.map((column) => (
        <BoardColumnView
          key={column.operator.user.id}
          {...shared}
          operator={column.operator}
          rows={column.conversations}
          total={column.total}
          refusal={dragged ? refusal(column.operator.user) : null}
          touched={over === column.operator.user.id}
        />
      ))}
      {shown.columns.length === 0 && <p className={styles.nobody}>{t("staff:board.nobody")}</p>}
      <p className="visually-hidden" role="status">
        {told}
      </p>
    </div>
  );
}
