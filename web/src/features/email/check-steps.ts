// How far a check of a connection came.
import type { Check } from "@/api/types.ts";

const steps = {
  imap: ["resolve", "connect", "tls", "login", "folder"],
  smtp: ["resolve", "connect", "tls", "login", "send"],
} as const;
export type CheckStep = (typeof steps)[keyof typeof steps][number];

/** Every step of a side: done, failed, or not reached. */
export function stepStates(
  side: keyof typeof steps,
  check: Pick<Check, "ok" | "step">,
): { step: CheckStep; state: "good" | "bad" | "idle" }[] {
  const all: readonly CheckStep[] = steps[side];
  const failed = check.ok ? all.length : check.step ? all.indexOf(check.step) : -1;
  return all.map((step, index) => {
    // A failure that names no step says nothing about any of them.
    if (failed < 0 || index > failed) return { step, state: "idle" };
    return { step, state: index === failed ? "bad" : "good" };
  });
}
