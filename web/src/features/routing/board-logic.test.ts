import { expect, test } from "vitest";
import type { ConversationRow } from "@/api/types.ts";
import { type BoardFilter, movedCard, shownBoard } from "./board-logic.ts";
import type { Board, BoardColumn } from "./board-queries.ts";

const person = (name: string) => ({ id: name, name, avatar_color: 0 });
const row = (id: string, client: string, owner: string | null, subject = "") =>
  ({
    id,
    number: Number(id),
    subject,
    preview: "",
    contact: { id: client, name: client, avatar_color: 0, company: null },
    assignee: owner ? person(owner) : null,
  }) as unknown as ConversationRow;
const column = (name: string, status: string, load: number, limit: number, rows: ConversationRow[]) =>
  ({
    operator: { user: person(name), status, load, limit, open: load, absent: name === "Юрий" },
    conversations: rows,
    total: rows.length + 5,
  }) as BoardColumn;

const board: Board = {
  unassigned: [row("1", "Пахомов", null, "Не закрывается месяц"), row("2", "Лосева", null)],
  unassigned_total: 9,
  columns: [
    column("Дина", "free", 2, 10, [row("3", "Кедров", "Дина")]),
    column("Егор", "free", 1, 2, []),
    column("Алла", "busy", 9, 10, [row("4", "Пахомов", "Алла", "Счёт")]),
    column("Юрий", "free", 0, 10, []),
    column("Яна", "offline", 0, 10, []),
  ],
};
const all: BoardFilter = { people: "all", order: "name", words: "" };
const names = (filter: Partial<BoardFilter>) =>
  shownBoard(board, { ...all, ...filter }).columns.map((each) => each.operator.user.name);

test("people are filtered by being at work, and those on vacation are not", () => {
  expect(names({})).toEqual(["Алла", "Дина", "Егор", "Юрий", "Яна"]);
  expect(names({ people: "here" })).toEqual(["Алла", "Дина", "Егор"]);
  expect(names({ people: "free" })).toEqual(["Дина", "Егор"]);
});

test("the order is by name, by room or by work", () => {
  expect(names({ people: "here", order: "free" })).toEqual(["Дина", "Егор", "Алла"]);
  expect(names({ people: "here", order: "busy" })).toEqual(["Алла", "Егор", "Дина"]);
});

test("words find cards, and people with all they have", () => {
  const found = shownBoard(board, { ...all, words: "ПАХОМОВ" });
  expect(found.unassigned.map((each) => each.id)).toEqual(["1"]);
  expect(found.columns.map((each) => each.operator.user.name)).toEqual(["Алла"]);
  expect(names({ words: "дин" })).toEqual(["Дина"]);
  expect(shownBoard(board, { ...all, words: "пахомов месяц" }).columns).toEqual([]);
});

test("a moved card lies on top of its new column and the counts follow", () => {
  const after = movedCard(board, "1", person("Дина"));
  expect(after.unassigned.map((each) => each.id)).toEqual(["2"]);
  expect(after.unassigned_total).toBe(8);
  expect(after.columns[0]?.conversations.map((each) => each.id)).toEqual(["1", "3"]);
  expect(after.columns[0]?.total).toBe(7);
  expect(after.columns[0]?.operator.load).toBe(3);
  expect(after.columns[0]?.conversations[0]?.assignee?.id).toBe("Дина");
});

test("a card that comes back leaves everything as it was, except that it lies on top", () => {
  const there = movedCard(board, "4", null);
  expect(there.unassigned_total).toBe(10);
  const back = movedCard(there, "4", person("Алла"));
  expect(back).toEqual(board);
  expect(movedCard(board, "4", person("Алла"))).toBe(board);
  expect(movedCard(board, "unknown", null)).toBe(board);
});
