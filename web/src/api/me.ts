// Who is signed in. Everything below the shell route may rely on it being loaded.
import { queryOptions, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { get, patch } from "./http.ts";
import type { Me, MePatch, Permission } from "./types.ts";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => get<Me>("/me", undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** True when the signed-in person holds the permission. */
export function useCan(): (permission: Permission) => boolean {
  const { permissions } = useMe();
  return (permission) => permissions.includes(permission);
}

/** Null is for programs, it means the same as leaving the field out. */
type OwnChange = { [Field in keyof MePatch]: NonNullable<MePatch[Field]> };

/** Saves a change of the own profile and shows it at once; a failed save brings the old value back. */
export function useUpdateMe(): (change: OwnChange) => Promise<void> {
  const client = useQueryClient();
  return async (change) => {
    const before = client.getQueryData(meQuery.queryKey);
    client.setQueryData(meQuery.queryKey, (me) => (me ? { ...me, ...change } : me));
    try {
      client.setQueryData(meQuery.queryKey, await patch<Me>("/me", change));
    } catch (error) {
      client.setQueryData(meQuery.queryKey, before);
      throw error;
    }
  };
}
