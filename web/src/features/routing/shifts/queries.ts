// What the pages of shifts read. Keys begin with ["routing", "shifts", ...], so that one event refreshes all of them.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get, post } from "@/api/http.ts";
import type { components } from "@/api/schema.ts";
import type { Group, Id, Items } from "@/api/types.ts";

type Schemas = components["schemas"];
export type Shift = Schemas["Shift"];
export type ShiftColor = Schemas["ShiftColor"];
export type ShiftHours = Schemas["ShiftHours"];
export type NewShift = Schemas["NewShift"];
export type WorkSchedule = Schemas["WorkSchedule"];
export type WorkScheduleRule = Schemas["WorkScheduleRule"];
export type WorkSchedulePreview = Schemas["WorkSchedulePreview"];
export type ShiftPlan = Schemas["ShiftPlan"];
export type PersonPlan = Schemas["ShiftPlanPerson"];
export type PlanDay = Schemas["ShiftPlanDay"];
export type SpecialDay = Schemas["ShiftPlanSpecialDay"];
export type ShiftAssignment = Schemas["ShiftAssignment"];

export const shiftsKey = ["routing", "shifts"] as const;

export const shiftsQuery = queryOptions({
  queryKey: [...shiftsKey, "kinds"] as const,
  queryFn: async ({ signal }) => (await get<Items<Shift>>("/shifts", undefined, signal)).items,
});
export const workSchedulesQuery = queryOptions({
  queryKey: [...shiftsKey, "schedules"] as const,
  queryFn: async ({ signal }) => (await get<Items<WorkSchedule>>("/work-schedules", undefined, signal)).items,
});
export const schedulePreviewQuery = (rule: WorkScheduleRule, from: string, to: string) =>
  queryOptions({
    queryKey: [...shiftsKey, "preview", rule, from, to] as const,
    queryFn: () => post<WorkSchedulePreview>("/work-schedules/preview", { rule, from, to }),
    retry: false,
  });
export const assignmentsQuery = (of: { user?: Id; schedule?: Id }) =>
  queryOptions({
    queryKey: [...shiftsKey, "assignments", of] as const,
    queryFn: async ({ signal }) =>
      (await get<Items<ShiftAssignment>>("/shift-assignments", of, signal)).items,
  });
export const lineShiftRuleQuery = (line: Id) =>
  queryOptions({
    queryKey: [...shiftsKey, "line", line] as const,
    queryFn: async ({ signal }) =>
      (await get<Schemas["LineShiftRule"]>(`/lines/${line}/shift-rule`, undefined, signal)).only_on_shift ??
      null,
  });
export const groupsQuery = queryOptions({
  queryKey: ["routing", "groups"] as const,
  queryFn: async ({ signal }) => (await get<Items<Group>>("/groups", undefined, signal)).items,
});

export interface PlanFilter {
  from: string;
  to: string;
  group?: Id;
  search?: string;
}

export const planQuery = (filter: PlanFilter) =>
  infiniteQueryOptions({
    queryKey: [...shiftsKey, "plan", filter] as const,
    queryFn: ({ signal, pageParam }) =>
      get<ShiftPlan>("/shift-plan", { ...filter, after: pageParam || undefined }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

/** One person's days. */
export const personPlanQuery = (user: Id, from: string, to: string) =>
  queryOptions({
    queryKey: [...shiftsKey, "person", user, from, to] as const,
    queryFn: ({ signal }) => get<ShiftPlan>("/shift-plan", { user, from, to }, signal),
  });

/** Everybody whose plan one may see, to choose from. */
export const plannedPeopleQuery = (day: string) =>
  queryOptions({
    queryKey: [...shiftsKey, "people", day] as const,
    queryFn: async ({ signal }) => {
      const people: PersonPlan[] = [];
      let after: string | undefined;
      do {
        const page: ShiftPlan = await get("/shift-plan", { from: day, to: day, limit: 200, after }, signal);
        people.push(...page.people);
        after = page.next ?? undefined;
      } while (after);
      return people;
    },
  });
