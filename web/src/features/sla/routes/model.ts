// Routes and OLAs as their editors hold them. Pure.
import type { TFunction } from "i18next";
import type { OlaDefinition, RouteDefinition, RouteStageDefinition } from "@/api/types.ts";
import { lengthWords } from "@/lib/due.ts";

export const olaNorms = ["reaction", "resolution", "approval", "gathering"] as const;
export type OlaNorm = (typeof olaNorms)[number];

export const secondsKey = (norm: OlaNorm) => `${norm}_seconds` as const;

export const usualSeconds: Record<OlaNorm, number> = {
  reaction: 3_600,
  resolution: 14_400,
  approval: 7_200,
  gathering: 14_400,
};

/** Four hours of work, taken within one; delays are made up for. */
export function startingOla(schedule_id: string | null): OlaDefinition {
  return {
    schedule_id,
    reaction_seconds: 3_600,
    resolution_seconds: 14_400,
    approval_seconds: null,
    gathering_seconds: null,
    valid_from: null,
    valid_to: null,
    shrink: true,
    least_percent: 25,
  };
}

/** "реакция 1 ч, работа 4 ч". */
export function olaWords(definition: OlaDefinition, t: TFunction): string {
  return olaNorms
    .map((norm) => [norm, definition[secondsKey(norm)]] as const)
    .filter((pair): pair is readonly [OlaNorm, number] => pair[1] !== null && pair[1] !== undefined)
    .map(([norm, seconds]) => `${t(`stages:norm.${norm}`).toLowerCase()} ${lengthWords(seconds, t)}`)
    .join(", ");
}

export const kinds = ["work", "approval", "gathering"] as const;

/** Which time of an OLA a stage of this kind has. */
export const normOfKind = { work: "resolution", approval: "approval", gathering: "gathering" } as const;

export const emptyStage: RouteStageDefinition = {
  name: "",
  kind: "work",
  user_id: null,
  group_id: null,
  ola_id: null,
  must_complete: true,
  parallel: false,
};

export const startingRoute: RouteDefinition = { mode: "ticket", stages: [emptyStage] };

/** The stage goes one place up or down; what became the first runs with nothing. */
export function moved(stages: RouteStageDefinition[], from: number, to: number): RouteStageDefinition[] {
  const next = [...stages];
  const [stage] = next.splice(from, 1);
  if (stage) next.splice(to, 0, stage);
  return tidied(next);
}

export function tidied(stages: RouteStageDefinition[]): RouteStageDefinition[] {
  return stages.map((stage, index) =>
    index === 0 && stage.parallel ? { ...stage, parallel: false } : stage,
  );
}

/** In one mode only: the ticket itself has one owner. */
export function inMode(definition: RouteDefinition, mode: RouteDefinition["mode"]): RouteDefinition {
  const stages = definition.stages.map((stage) =>
    mode === "ticket" ? { ...stage, parallel: false } : stage,
  );
  return { mode, stages };
}
