// A policy as its editor holds it, and how it is said in words. Pure.
import type { TFunction } from "i18next";
import type { SlaDefinition, SlaExtraNorms, SlaNorms, SlaPolicy, SlaShare, SlaStep } from "@/api/types.ts";
import { lengthWords, percentWords } from "@/lib/due.ts";
import type { Faults } from "./schedule-model.ts";

export interface PolicyValues {
  name: string;
  definition: SlaDefinition;
}

export const noNorms: SlaNorms = {
  reaction_seconds: null,
  reply_seconds: null,
  resolution_seconds: null,
  ticket_reaction_seconds: null,
  ticket_resolution_seconds: null,
};

export const emptyExtra: SlaExtraNorms = {
  name: "",
  priorities: [],
  channels: [],
  companies: [],
  categories: [],
  norms: noNorms,
  schedule_id: null,
};

/** Half of the time before it is due, the operator is told. */
export const startingStep: SlaStep = {
  subjects: [],
  norms: [],
  before_seconds: null,
  before_percent: 50,
  after_seconds: null,
  tell_operator: true,
  tell_supervisors: false,
  tell: [],
  by_mail: false,
  priority: null,
  give_to: null,
  give_to_group: null,
  make_task: null,
};

/** Four of five in the last month, looked at when the day ends. */
export const startingShare: SlaShare = {
  percent: 80,
  check_at: "18:00",
  days: 30,
  tell: [],
  by_mail: false,
  of: null,
};

export function policyValues({ name, definition }: Pick<SlaPolicy, "name" | "definition">): PolicyValues {
  return { name, definition };
}

/** An hour to the first answer, two to each next one, eight to the end; reminded of at half the time. */
export function startingPolicy(schedule_id: string | null): SlaDefinition {
  return {
    schedule_id,
    norms: { ...noNorms, reaction_seconds: 3_600, reply_seconds: 7_200, resolution_seconds: 28_800 },
    extra: [],
    reaction_ends: "answered",
    resolution_starts: "created",
    ticket_resolution_starts: "accepted",
    freezing_statuses: ["waiting"],
    pause_when_snoozed: true,
    pause_when_answered: true,
    on_reopening: "go_on",
    follow_priority: true,
    share: null,
    steps: [
      startingStep,
      { ...startingStep, before_percent: null, after_seconds: 0, tell_supervisors: true },
    ],
  };
}

/** When a step is taken, as the editor lets choose it. */
export const moments = ["before_percent", "before_seconds", "at", "after_seconds"] as const;
export type Moment = (typeof moments)[number];

export function momentOf({ before_percent, before_seconds, after_seconds }: SlaStep): Moment {
  if (before_percent !== null) return "before_percent";
  if (before_seconds !== null) return "before_seconds";
  return after_seconds === 0 ? "at" : "after_seconds";
}

/** Exactly one of the three times is given. */
export function atMoment(
  moment: Moment,
): Pick<SlaStep, "before_percent" | "before_seconds" | "after_seconds"> {
  return {
    before_percent: moment === "before_percent" ? 50 : null,
    before_seconds: moment === "before_seconds" ? 900 : null,
    after_seconds: moment === "at" ? 0 : moment === "after_seconds" ? 3_600 : null,
  };
}

export interface Names {
  person: (id: string) => string;
  group: (id: string) => string;
}

/** "За 50 % до срока реакции → сообщить оператору, приоритет «Высокий»". */
export function stepWords(step: SlaStep, names: Names, locale: "ru" | "en", t: TFunction): string {
  const of = step.norms.length === 0 ? "" : step.norms.map((norm) => t(`sla:normOf.${norm}`)).join(", ");
  const subject = step.subjects.length === 1 ? step.subjects[0] : undefined;
  const when = t(`sla:step.when.${momentOf(step)}`, {
    percent: percentWords(step.before_percent ?? 0, locale),
    time: lengthWords(step.before_seconds ?? step.after_seconds ?? 0, t),
    due: of ? t("sla:step.dueOf", { of }) : t("sla:step.dueOfAny"),
  });
  const deeds = [
    step.tell_operator && t("sla:step.deed.operator"),
    step.tell_supervisors && t("sla:step.deed.supervisors"),
    step.tell.length > 0 && t("sla:step.deed.tell", { names: step.tell.map(names.person).join(", ") }),
    step.by_mail && t("sla:step.deed.mail"),
    step.make_task && t("sla:step.deed.task", { name: names.person(step.make_task.user_id) }),
    step.priority &&
      t("sla:step.deed.priority", { priority: t(`desk:priority.${step.priority}`).toLowerCase() }),
    step.give_to && t("sla:step.deed.person", { name: names.person(step.give_to) }),
    step.give_to_group && t("sla:step.deed.group", { name: names.group(step.give_to_group) }),
  ].filter((deed): deed is string => typeof deed === "string");
  const whose = subject
    ? `${t(`sla:subject.${subject}`)}: ${when.charAt(0).toLowerCase()}${when.slice(1)}`
    : when;
  return `${whose} → ${deeds.length > 0 ? deeds.join(", ") : t("sla:step.deed.nothing")}`;
}

/** Complaints about what was not touched since they came. */
export function faultsLeft(faults: Faults, change: Partial<SlaDefinition>): Faults {
  const touched = Object.keys(change);
  const kept = Object.entries(faults).filter(
    ([at]) => !touched.some((key) => at === key || at.startsWith(`${key}.`) || at.startsWith(`${key}[`)),
  );
  return Object.fromEntries(kept);
}
