// Saved schedules, as every page that names one reads them.
import { queryOptions } from "@tanstack/react-query";
import { get } from "./http.ts";
import type { Id, Items, Schedule } from "./types.ts";

export const schedulesQuery = queryOptions({
  queryKey: ["schedules"],
  queryFn: ({ signal }) => get<Items<Schedule>>("/schedules", undefined, signal),
});
export const scheduleQuery = (id: Id) =>
  queryOptions({
    queryKey: ["schedules", id],
    queryFn: ({ signal }) => get<Schedule>(`/schedules/${id}`, undefined, signal),
  });
