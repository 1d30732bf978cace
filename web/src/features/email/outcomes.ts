// What can become of a letter, in the order in which it is shown.
import type { LedgerOutcome } from "@/api/types.ts";

export const outcomes = [
  "accepted",
  "automatic",
  "duplicate",
  "quarantined",
  "blocked",
] as const satisfies LedgerOutcome[];
