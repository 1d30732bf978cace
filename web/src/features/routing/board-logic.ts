// The board without a page: what is shown of it, in which order, and how a card goes from one column to another. Pure.
import type { ConversationRow, Id, Person } from "@/api/types.ts";
import type { Board, BoardColumn } from "./board-queries.ts";

export const boardPeople = ["all", "here", "free"] as const;
export const boardOrders = ["name", "free", "busy"] as const;
export interface BoardFilter {
  /** Everybody; those who are at work; those who can be given something now. */
  people: (typeof boardPeople)[number];
  order: (typeof boardOrders)[number];
  /** Words of a card or of a name. */
  words: string;
}

/** How full somebody is, 1 at his limit. Whoever may have nothing is full. */
export function fullness({ load, limit }: Pick<BoardColumn["operator"], "load" | "limit">): number {
  return limit > 0 ? load / limit : 1;
}

export function isFree(operator: BoardColumn["operator"]): boolean {
  return operator.status === "free" && !operator.absent && fullness(operator) < 1;
}

function isHere(operator: BoardColumn["operator"]): boolean {
  return operator.status !== "offline" && !operator.absent;
}

/** True when every word is found in the client, the company, the subject, the last words or the number. */
function fits(row: ConversationRow, words: readonly string[]): boolean {
  const text = [row.contact.name, row.contact.company?.name, row.subject, row.preview, String(row.number)]
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** What is left of the board under the filter. Somebody who is found by his name keeps all his cards. */
export function shownBoard(board: Board, { people, order, words }: BoardFilter): Board {
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  const narrow = (rows: ConversationRow[]) => rows.filter((row) => fits(row, asked));
  const columns = board.columns
    .filter(({ operator }) => people === "all" || (people === "here" ? isHere : isFree)(operator))
    .flatMap((column): BoardColumn[] => {
      const name = column.operator.user.name.toLowerCase();
      if (asked.every((word) => name.includes(word))) return [column];
      const conversations = narrow(column.conversations);
      return conversations.length > 0 ? [{ ...column, conversations }] : [];
    });
  const byName = (a: BoardColumn, b: BoardColumn) => a.operator.user.name.localeCompare(b.operator.user.name);
  const byRoom = (a: BoardColumn, b: BoardColumn) =>
    Number(isFree(b.operator)) - Number(isFree(a.operator)) || fullness(a.operator) - fullness(b.operator);
  const byWork = (a: BoardColumn, b: BoardColumn) => fullness(b.operator) - fullness(a.operator);
  const compare = { name: byName, free: byRoom, busy: byWork }[order];
  return {
    unassigned: narrow(board.unassigned),
    unassigned_total: board.unassigned_total,
    columns: columns.toSorted((a, b) => compare(a, b) || byName(a, b)),
  };
}

/** The board with a card in another column, on top of it; null is the column of those nobody has. */
export function movedCard(board: Board, id: Id, to: Person | null): Board {
  const all = [...board.unassigned, ...board.columns.flatMap((column) => column.conversations)];
  const card = all.find((row) => row.id === id);
  if (!card || (card.assignee?.id ?? null) === (to?.id ?? null)) return board;
  const moved = { ...card, assignee: to };
  const put = (rows: ConversationRow[], owner: Id | null) => {
    const rest = rows.filter((row) => row.id !== id);
    return owner === (to?.id ?? null) ? [moved, ...rest] : rest;
  };
  const step = (owner: Id | null) =>
    Number(owner === (to?.id ?? null)) - Number(owner === (card.assignee?.id ?? null));
  return {
    unassigned: put(board.unassigned, null),
    unassigned_total: board.unassigned_total + step(null),
    columns: board.columns.map((column) => {
      const { id: owner } = column.operator.user;
      const by = step(owner);
      return {
        ...column,
        operator: { ...column.operator, open: column.operator.open + by, load: column.operator.load + by },
        conversations: put(column.conversations, owner),
        total: column.total + by,
      };
    }),
  };
}
