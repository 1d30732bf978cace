import { expect, test } from "vitest";
import type { Person } from "@/api/types.ts";
import { namedLike } from "./colleagues.ts";

const people = ["Анна Королёва", "Борис Ким", "Кира Анина", "Семён Ёлкин"].map(
  (name, index): Person => ({ id: String(index), name, avatar_color: 0 }),
);
const names = (words: string) => namedLike(people, words).map((person) => person.name);

test("a colleague is found by the beginning of any word of the name, the first word first", () => {
  expect(names("ан")).toEqual(["Анна Королёва", "Кира Анина"]);
  expect(names("ким")).toEqual(["Борис Ким"]);
  expect(names("елк")).toEqual(["Семён Ёлкин"]);
  expect(names("")).toHaveLength(4);
  expect(names("ина")).toEqual([]);
});
