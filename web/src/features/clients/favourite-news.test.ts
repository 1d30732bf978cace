import { expect, test } from "vitest";
import type { LiveEvent } from "@/api/live.ts";
import { birthdayText } from "./birthday.ts";
import { favouriteOf } from "./favourite-news.ts";

const favourites = [{ line_id: "line", contact_id: "ivan", name: "Иван", conversation_ids: ["talk"] }];
const event = (more: Partial<LiveEvent>): LiveEvent => ({
  type: "event",
  cursor: "1-1",
  kind: "message_created",
  line_id: "line",
  ...more,
});

test("an event is a favourite's by its conversation or by the client it names, on his line only", () => {
  expect(favouriteOf(favourites, event({ conversation_id: "talk" }))).toBe("Иван");
  expect(favouriteOf(favourites, event({ conversation_id: "new", data: { contact: { id: "ivan" } } }))).toBe(
    "Иван",
  );
  expect(favouriteOf(favourites, event({ conversation_id: "other" }))).toBeNull();
  expect(favouriteOf(favourites, event({ conversation_id: "talk", line_id: "elsewhere" }))).toBeNull();
});

test("a birthday without a year is only a day", () => {
  expect(birthdayText("1984-11-23", "ru")).toBe("23 ноября 1984 г.");
  expect(birthdayText("02-29", "ru")).toBe("29 февраля");
  expect(birthdayText(null, "ru")).toBeNull();
});
