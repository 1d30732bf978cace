// What the list of clients reads. Keys: ["clients", line, filter], ["client", line, id], ["favourites"].
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type {
  ClientInfo,
  ClientList,
  Contact,
  Favourites,
  Id,
  Items,
  Operator,
  ServiceCatalogue,
} from "@/api/types.ts";

export type ClientFilter = "open" | "mine" | "favourite" | "online";

export interface ListedBy {
  search?: string;
  only?: ClientFilter;
}

export const clientsQuery = (line: Id, { search, only }: ListedBy) =>
  infiniteQueryOptions({
    queryKey: ["clients", line, search ?? "", only ?? ""] as const,
    queryFn: ({ pageParam, signal }) =>
      get<ClientList>(
        `/lines/${line}/clients`,
        { search, ...(only ? { [only]: true } : {}), limit: 50, after: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const clientQuery = (line: Id, id: Id) =>
  queryOptions({
    queryKey: ["client", line, id] as const,
    queryFn: ({ signal }) => get<ClientInfo>(`/lines/${line}/clients/${id}`, undefined, signal),
  });

/** The same card as the workspace reads. */
export const cardQuery = (id: Id) =>
  queryOptions({
    queryKey: ["contact", id] as const,
    queryFn: ({ signal }) => get<Contact>(`/contacts/${id}`, undefined, signal),
  });

export const colleaguesQuery = queryOptions({
  queryKey: ["operators"] as const,
  queryFn: ({ signal }) => get<Items<Operator>>("/operators", undefined, signal),
  staleTime: 5 * 60_000,
  select: (answer) => answer.items,
});

export const favouritesQuery = queryOptions({
  queryKey: ["favourites"] as const,
  queryFn: ({ signal }) => get<Favourites>("/me/favourites", undefined, signal),
  staleTime: 60_000,
});

export const servicesQuery = queryOptions({
  queryKey: ["services"] as const,
  queryFn: ({ signal }) => get<Items<ServiceCatalogue>>("/services", undefined, signal),
  staleTime: 5 * 60_000,
});

/** After something about a line's clients has changed. */
export function refreshClients(client: QueryClient, line: Id): void {
  for (const key of ["clients", "client"]) void client.invalidateQueries({ queryKey: [key, line] });
  void client.invalidateQueries({ queryKey: ["favourites"] });
}
