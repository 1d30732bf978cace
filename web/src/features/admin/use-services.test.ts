import { expect, test } from "vitest";
import { neighbours } from "./use-services.ts";

test("one goes up before the one above and down before the one after the next", () => {
  const ids = ["a", "b", "c"];
  expect(neighbours(ids, "a")).toEqual({ up: undefined, down: "c" });
  expect(neighbours(ids, "b")).toEqual({ up: "a", down: null });
  expect(neighbours(ids, "c")).toEqual({ up: "b", down: undefined });
});
