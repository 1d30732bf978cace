// A schedule of work as its form holds it. Pure.
import type { Id } from "@/api/types.ts";
import type { CycleName } from "./logic.ts";
import { cycles } from "./logic.ts";
import type { Shift, WorkSchedule, WorkScheduleRule } from "./queries.ts";

export interface ScheduleValues {
  name: string;
  rule_time_zone: string;
  kind: "week" | "cycle";
  /** Seven, from Monday. */
  week: (Id | null)[];
  cycle: (Id | null)[];
  rule_pattern_first: string;
  holidays: boolean;
  short_days: boolean;
  rule_from: string;
  rule_to: string;
  /** Where the server finds a fault of the shifts. */
  rule_pattern_shift_ids: string;
}

export function scheduleValues(
  schedule: WorkSchedule | null,
  zone: string,
  today: string,
  shifts: Shift[],
): ScheduleValues {
  const rule = schedule?.rule;
  const first = shifts.find((shift) => shift.hours)?.id ?? null;
  const pattern = rule?.pattern;
  return {
    name: schedule?.name ?? "",
    rule_time_zone: rule?.time_zone ?? zone,
    kind: pattern?.kind ?? "week",
    week: pattern?.kind === "week" ? pattern.shift_ids : [first, first, first, first, first, null, null],
    cycle: pattern?.kind === "cycle" ? pattern.shift_ids : [first, first, null, null],
    rule_pattern_first: pattern?.kind === "cycle" ? pattern.first : today,
    holidays: rule?.holidays ?? true,
    short_days: rule?.short_days ?? true,
    rule_from: rule?.from ?? "",
    rule_to: rule?.to ?? "",
    rule_pattern_shift_ids: "",
  };
}

export function ruleOf(values: ScheduleValues): WorkScheduleRule {
  return {
    time_zone: values.rule_time_zone,
    pattern:
      values.kind === "week"
        ? { kind: "week", shift_ids: values.week }
        : { kind: "cycle", first: values.rule_pattern_first, shift_ids: values.cycle },
    production_calendar: values.holidays || values.short_days ? "ru" : null,
    holidays: values.holidays,
    short_days: values.short_days,
    from: values.rule_from || null,
    to: values.rule_to || null,
  };
}

/** A cycle by its name, of the shifts there are: the first for days, the one that begins last for nights. */
export function cycleOf(name: CycleName, shifts: readonly Shift[]): (Id | null)[] {
  const working = shifts.filter((shift) => shift.hours);
  const day = working[0]?.id ?? null;
  const night = working.at(-1)?.id ?? day;
  return cycles[name].map((place) => (place === null ? null : place === 0 ? day : night));
}
