// A column of the board: whose it is, how much he has, his cards. Cards are dropped onto all of it.
import { Skeleton } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationRow, Id, Person } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { Delayed } from "@/ui/states.tsx";
import { StatusDot } from "@/ui/status-dot.tsx";
import styles from "./board.module.css";
import { BoardCard } from "./board-card.tsx";
import { fullness } from "./board-logic.ts";
import type { BoardColumn } from "./board-queries.ts";
import { Load } from "./load.tsx";

/** Of those nobody has, in `data-column`. */
export const queueColumn = "queue";

interface Props {
  line: Id;
  /** Null: the column of those nobody has. */
  operator: BoardColumn["operator"] | null;
  rows: ConversationRow[];
  total: number;
  dragged: ConversationRow | null;
  /** Why he cannot be given what is dragged. */
  refusal: string | null;
  /** A finger is over it with a card. */
  touched: boolean;
  searching: boolean;
  onDrag: (card: ConversationRow | null) => void;
  onMove: (card: ConversationRow, to: Person | null) => void;
}

export function BoardColumnView(props: Props) {
  const { line, operator, rows, total, dragged, refusal, touched, searching, onDrag, onMove } = props;
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const to = operator?.user ?? null;
  const own = dragged !== null && (dragged.assignee?.id ?? null) === (to?.id ?? null);
  const takes = dragged !== null && !own && refusal === null;
  const drag = (event: DragEvent) => {
    if (!takes) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    setOver(true);
  };
  const leave = (event: DragEvent) => {
    if (!(event.relatedTarget instanceof Node) || !event.currentTarget.contains(event.relatedTarget))
      setOver(false);
  };
  const drop = (event: DragEvent) => {
    setOver(false);
    if (!takes) return;
    event.preventDefault();
    onMove(dragged, to);
  };
  const name = to?.name ?? t("staff:board.unassigned");
  const more = searching ? 0 : total - rows.length;
  return (
    <section
      className={styles.column}
      aria-label={name}
      data-column={to?.id ?? queueColumn}
      data-queue={operator === null || undefined}
      data-over={((over || touched) && takes) || undefined}
      data-closed={(dragged !== null && refusal !== null) || undefined}
      data-testid="board-column"
      onDragOver={drag}
      onDragLeave={leave}
      onDrop={drop}
    >
      <header className={styles.head}>
        {operator ? (
          <Avatar
            name={operator.user.name}
            color={operator.user.avatar_color}
            size={28}
            mark={<StatusDot status={operator.status} silent />}
          />
        ) : (
          <IconInbox size={20} stroke={1.5} />
        )}
        <div className={styles.who}>
          <h2 className={styles.name}>{name}</h2>
          <p className={styles.muted} data-refusal={refusal !== null || undefined}>
            {refusal ?? (operator ? <Work operator={operator} /> : t("staff:board.waiting"))}
          </p>
        </div>
        <span className={styles.count} title={t("staff:board.onLine")} data-testid="board-count">
          {total}
        </span>
        {operator && <Fullness operator={operator} />}
      </header>
      <ul className={styles.cards}>
        {rows.map((row) => (
          <BoardCard
            key={row.id}
            row={row}
            line={line}
            dragged={dragged?.id === row.id}
            onDrag={onDrag}
            onMove={onMove}
          />
        ))}
      </ul>
      {rows.length === 0 && (
        <p className={styles.none}>
          {t(
            searching ? "staff:board.nothing" : operator ? "staff:board.noCards" : "staff:board.allAssigned",
          )}
        </p>
      )}
      {more > 0 && (
        <p className={styles.more}>
          {operator ? (
            t("staff:board.more", { n: more })
          ) : (
            <Link to="/c/$view" params={{ view: "unassigned" }} search={{ line }}>
              {t("staff:board.more", { n: more })}
            </Link>
          )}
        </p>
      )}
    </section>
  );
}

function Work({ operator }: { operator: BoardColumn["operator"] }) {
  const { t } = useTranslation();
  const { status, absent, activity } = operator;
  const now = absent ? t("routing:monitor.absent") : (activity?.name ?? t(`routing:status.${status}`));
  return (
    <>
      {now} · <Load operator={operator} />
    </>
  );
}

function Fullness({ operator }: { operator: BoardColumn["operator"] }) {
  const part = Math.min(1, fullness(operator));
  return (
    <span className={styles.fullness} aria-hidden="true">
      <span
        style={{ width: `${part * 100}%` }}
        data-level={part >= 1 ? "full" : part >= 0.8 ? "soon" : undefined}
      />
    </span>
  );
}

export function BoardSkeleton() {
  return (
    <Delayed>
      <div className={styles.columns} aria-hidden="true">
        {[3, 4, 2, 3].map((count, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
          <div key={index} className={styles.column}>
            <div className={styles.head}>
              <Skeleton circle height={28} />
              <Skeleton height={12} width="60%" />
            </div>
            <div className={styles.cards}>
              {Array.from({ length: count }, (_, card) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
                <Skeleton key={card} height={84} radius="md" />
              ))}
            </div>
          </div>
        ))}
      </div>
    </Delayed>
  );
}
