import { expect, test } from "vitest";
import { bytesOf } from "./worker.ts";

test("a key of the server is the bytes that the browser wants", () => {
  const key = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
  const bytes = bytesOf(key);
  expect(bytes).toHaveLength(65);
  expect(bytes[0]).toBe(4);
  expect([...bytesOf("-_8")]).toEqual([251, 255]);
});
