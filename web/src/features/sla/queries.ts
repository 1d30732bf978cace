// What the pages of schedules read.
import { queryOptions } from "@tanstack/react-query";
import { get, post } from "@/api/http.ts";
import type { Id, Items, ProductionCalendar, Schedule, SchedulePreview } from "@/api/types.ts";
import type { Question } from "./schedule-model.ts";

export const schedulesQuery = queryOptions({
  queryKey: ["schedules"],
  queryFn: ({ signal }) => get<Items<Schedule>>("/schedules", undefined, signal),
});
export const scheduleQuery = (id: Id) =>
  queryOptions({
    queryKey: ["schedules", id],
    queryFn: ({ signal }) => get<Schedule>(`/schedules/${id}`, undefined, signal),
  });
export const productionQuery = queryOptions({
  queryKey: ["production-calendars"],
  queryFn: ({ signal }) => get<Items<ProductionCalendar>>("/production-calendars", undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
});
/** What the server makes of a schedule that may not be saved yet; its complaints are the editor's. */
export const previewQuery = (question: Question) =>
  queryOptions({
    queryKey: ["schedule-preview", question],
    queryFn: () => post<SchedulePreview>("/schedules/preview", question),
    retry: false,
    gcTime: 60_000,
  });
