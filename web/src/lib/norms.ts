// The norms of a policy, and how they are said in words. Pure.
import type { TFunction } from "i18next";
import type { DueNorm, SlaNorms } from "@/api/types.ts";
import { lengthWords } from "./due.ts";

export const norms = ["reaction", "reply", "resolution"] as const satisfies DueNorm[];
/** What a policy promises of conversations, and of tickets. */
export const promised = {
  conversation: norms,
  ticket: ["ticket_reaction", "ticket_resolution"],
} as const;
export type PromisedNorm = (typeof promised)[keyof typeof promised][number];
export const keyOf = (norm: PromisedNorm) => `${norm}_seconds` as const;

/** "Реакция 1 ч · Решение 8 ч"; empty when nothing is promised. */
export function normsInWords(of: SlaNorms, t: TFunction): string {
  return [...promised.conversation, ...promised.ticket]
    .flatMap((norm) => {
      const seconds = of[keyOf(norm)];
      return seconds ? [`${t(`sla:norm.${norm}`)} ${lengthWords(seconds, t)}`] : [];
    })
    .join(" · ");
}
