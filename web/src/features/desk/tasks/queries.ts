// What tasks read. Keys: ["tasks", ...] lists and counts, ["task", id] one.
import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "@/api/http.ts";
import { live } from "@/api/live.ts";
import type { Group, Id, Items, Task, TaskCounts } from "@/api/types.ts";

export const tasksKey = ["tasks"] as const;

export const taskCountsQuery = queryOptions({
  queryKey: [...tasksKey, "counts"],
  queryFn: ({ signal }) => get<TaskCounts>("/task-counts", undefined, signal),
});

export const taskQuery = (id: Id) =>
  queryOptions({
    queryKey: ["task", id] as const,
    queryFn: ({ signal }) => get<Task>(`/tasks/${id}`, undefined, signal),
  });

export const groupsQuery = queryOptions({
  queryKey: ["admin", "groups"],
  queryFn: ({ signal }) => get<Items<Group>>("/groups", undefined, signal),
  staleTime: 5 * 60_000,
});

const gatherFor = 250;

/** Keeps lists, counts and cards of tasks as they are on the server. */
export function useTasksLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      void client.invalidateQueries({ queryKey: tasksKey });
      void client.invalidateQueries({ queryKey: ["task"] });
    };
    const stop = live.onEvent((event) => {
      // Whoever does not see the ticket of a task hears of it by his notification.
      const ours = event.kind.startsWith("task_") || event.kind === "notification_created";
      if (ours) timer ??= setTimeout(refresh, gatherFor);
    });
    const stopResets = live.onReset(refresh);
    return () => {
      clearTimeout(timer);
      stop();
      stopResets();
    };
  }, [client]);
}
