import { expect, test } from "vitest";
import { changedValues, fieldKey } from "./use-form.ts";

test("a field of a problem finds its value", () => {
  expect(fieldKey("name")).toBe("name");
  expect(fieldKey("imap.host")).toBe("imap_host");
  expect(fieldKey("operator_group_ids[3]")).toBe("operator_group_ids");
  expect(fieldKey("auto_reply.text")).toBe("auto_reply_text");
});

test("only what differs from the saved values counts as changed", () => {
  const saved = { name: "Анна", groups: ["a", "b"], blocked: false };
  expect(changedValues(saved, { name: "Анна", groups: ["a", "b"] })).toEqual({});
  expect(changedValues(saved, { name: "Анна К.", groups: ["b"] })).toEqual({
    name: "Анна К.",
    groups: ["b"],
  });
});
