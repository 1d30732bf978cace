import { expect, test } from "vitest";
import { localPath } from "./next.ts";

test("only a path of this site is followed", () => {
  expect(localPath("/c/open?line=1")).toBe("/c/open?line=1");
  for (const bad of [
    undefined,
    "",
    "https://evil.test",
    "//evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "c/open",
  ]) {
    expect(localPath(bad)).toBe("/");
  }
});
