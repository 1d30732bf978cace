import { expect, test } from "vitest";
import { stepStates } from "./check-steps.ts";

const states = (side: "imap" | "smtp", ok: boolean, step: Parameters<typeof stepStates>[1]["step"]) =>
  stepStates(side, { ok, step })
    .map(({ state }) => state[0])
    .join("");

test("a check shows where it stopped", () => {
  expect(states("imap", true, null)).toBe("ggggg");
  expect(states("imap", false, "resolve")).toBe("biiii");
  expect(states("imap", false, "login")).toBe("gggbi");
  expect(states("smtp", false, "send")).toBe("ggggb");
  expect(states("smtp", false, null)).toBe("iiiii");
});
