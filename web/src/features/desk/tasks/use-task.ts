// What can be done with a task: each answer of the server is the task as it is now.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { post } from "@/api/http.ts";
import type { Id, Task } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { taskQuery, tasksKey } from "./queries.ts";

export function useTask(id: Id) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: ({ what, result }: { what: "done" | "cancel" | "reopen"; result?: string }) =>
      post<Task>(`/tasks/${id}/${what}`, result === undefined ? {} : { result }),
    onSuccess: (task) => client.setQueryData(taskQuery(id).queryKey, task),
    onError: (error) => notifyError(error),
    onSettled: () => client.invalidateQueries({ queryKey: tasksKey }),
  });
  return {
    busy: change.isPending,
    finish: (result = "") => change.mutateAsync({ what: "done", result }),
    cancel: (result = "") => change.mutateAsync({ what: "cancel", result }),
    reopen: () => change.mutateAsync({ what: "reopen" }),
  };
}
