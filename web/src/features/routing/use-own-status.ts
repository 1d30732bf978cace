// The own status: read once, followed live, changed at once and put back when the server refuses.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { put } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import { notifyError } from "@/ui/notify.ts";
import type { Status } from "@/ui/status-dot.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import { ownStatusQuery } from "./queries.ts";
import type { OwnStatus } from "./types.ts";

export function useOwnStatus() {
  const client = useQueryClient();
  const me = useMe();
  const { queryKey } = ownStatusQuery;
  const { data: own } = useQuery(ownStatusQuery);
  const refresh = () => void client.invalidateQueries({ queryKey });
  useLiveEvents(
    ["operator_status_changed"],
    (event) => {
      if (event.data?.user_id === me.id) refresh();
    },
    refresh,
  );
  const change = async (status: Status) => {
    const before = client.getQueryData(queryKey);
    if (before) client.setQueryData(queryKey, { ...before, status, automatic: false });
    try {
      client.setQueryData(queryKey, await put<OwnStatus>("/me/status", { status }));
    } catch (error) {
      client.setQueryData(queryKey, before);
      notifyError(error);
    }
  };
  return { own, change };
}
