// What can be done with services and their catalogues; each change is saved at once.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { patch, post, put } from "@/api/http.ts";
import type { HeldPolicy, Id, Service, ServiceCatalogue } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { policiesQuery, servicesQuery, servicesSlaQuery } from "./queries.ts";

/** Services, or the catalogues they are kept in; both are segments of the API. */
export type Kind = "services" | "service-catalogues";

export interface Change {
  name?: string;
  description?: string;
  archived?: boolean;
  catalogue_id?: Id;
  /** Which one it is put before; null: it is put last. */
  before?: Id | null;
  owner_id?: Id | null;
  schedule_id?: Id | null;
  downtime_minutes?: number | null;
}

export function useServiceCommands() {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all(
      [servicesQuery, servicesSlaQuery, policiesQuery].map(({ queryKey }) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  const run = useMutation({
    mutationFn: (command: () => Promise<unknown>) => command(),
    onSettled: refresh,
    onError: (error) => notifyError(error),
  });
  return {
    addCatalogue: (name: string) =>
      run.mutateAsync(() => post<ServiceCatalogue>("/service-catalogues", { name })),
    addService: (catalogue_id: Id, name: string) =>
      run.mutateAsync(() => post<Service>("/services", { catalogue_id, name })),
    change: (kind: Kind, id: Id, change: Change) => run.mutate(() => patch(`/${kind}/${id}`, change)),
    hold: (kind: Kind, id: Id, policy_id: Id | null) =>
      run.mutate(() => put<HeldPolicy>(`/${kind}/${id}/sla`, { policy_id })),
  };
}

export type Commands = ReturnType<typeof useServiceCommands>;

/** The ones it moves before when it goes up or down among its neighbours; undefined: it cannot. */
export function neighbours(ids: readonly Id[], id: Id): { up?: Id; down?: Id | null } {
  const place = ids.indexOf(id);
  return {
    up: ids[place - 1],
    down: place < ids.length - 1 ? (ids[place + 2] ?? null) : undefined,
  };
}
