// What the administration of operators reads. Keys begin with ["routing", ...].
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type { components } from "@/api/schema.ts";
import type { ChannelKindName, Id, Items, Line } from "@/api/types.ts";

type Schemas = components["schemas"];
export type RoutingSettings = Required<Schemas["RoutingSettings"]>;
export type Skill = Schemas["Skill"];
export type SkillLevel = Schemas["SkillLevel"];
export type Activity = Schemas["ActivityRef"];
export type Absence = Schemas["Absence"];
export type OperatorView = Schemas["OperatorView"];
export type StatusSpan = Schemas["StatusSpan"];
export type ActivitySpan = Schemas["ActivitySpan"];
export type FirstLine = Schemas["FirstLine"];

/** The kinds of channels that limits and weights may be set for, in the order they are shown. */
export const channelKinds: ChannelKindName[] = [
  "chat",
  "email",
  "telegram",
  "vk",
  "max",
  "whatsapp",
  "viber",
  "form",
  "manual",
  "custom",
  "group",
];

export const settingsQuery = queryOptions({
  queryKey: ["routing", "settings"] as const,
  queryFn: ({ signal }) => get<RoutingSettings>("/routing/settings", undefined, signal),
});
export const skillsQuery = queryOptions({
  queryKey: ["routing", "skills"] as const,
  queryFn: async ({ signal }) => (await get<Items<Skill>>("/skills", undefined, signal)).items,
});
export const activitiesQuery = queryOptions({
  queryKey: ["routing", "activities"] as const,
  queryFn: async ({ signal }) => (await get<Items<Activity>>("/activities", undefined, signal)).items,
});
export const absencesQuery = queryOptions({
  queryKey: ["routing", "absences"] as const,
  queryFn: async ({ signal }) => (await get<Items<Absence>>("/absences", undefined, signal)).items,
});
export const operatorsNowQuery = queryOptions({
  queryKey: ["routing", "operators"] as const,
  queryFn: async ({ signal }) =>
    (await get<Items<OperatorView>>("/operators/statuses", undefined, signal)).items,
  staleTime: 10_000,
});
export const personSkillsQuery = (user: Id) =>
  queryOptions({
    queryKey: ["routing", "skills", "user", user] as const,
    queryFn: async ({ signal }) =>
      (await get<Items<SkillLevel>>(`/users/${user}/skills`, undefined, signal)).items,
  });
export const lineSkillsQuery = (line: Id) =>
  queryOptions({
    queryKey: ["routing", "skills", "line", line] as const,
    queryFn: async ({ signal }) =>
      (await get<Items<SkillLevel>>(`/lines/${line}/skills`, undefined, signal)).items,
  });
export const firstLineQuery = (line: Id) =>
  queryOptions({
    queryKey: ["routing", "first-line", line] as const,
    queryFn: async ({ signal }) =>
      (await get<FirstLine>(`/lines/${line}/first-line`, undefined, signal)).line,
  });
export const lineNameQuery = (line: Id) =>
  queryOptions({
    queryKey: ["admin", "lines", line] as const,
    queryFn: ({ signal }) => get<Line>(`/lines/${line}`, undefined, signal),
  });
export const statusHistoryQuery = (user: Id, from: string) =>
  queryOptions({
    queryKey: ["routing", "status-history", user, from] as const,
    queryFn: async ({ signal }) =>
      (await get<Items<StatusSpan>>(`/users/${user}/status-history`, { from }, signal)).items,
    staleTime: 10_000,
  });
export const activityHistoryQuery = (user: Id, from: string) =>
  queryOptions({
    queryKey: ["routing", "activity-history", user, from] as const,
    queryFn: async ({ signal }) =>
      (await get<Items<ActivitySpan>>(`/users/${user}/activities`, { from }, signal)).items,
    staleTime: 10_000,
  });
