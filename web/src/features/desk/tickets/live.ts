// Tickets change while they are looked at: what is shown of them is read again.
// Invariant: events are gathered for a moment, so that a storm of them reads a list once.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { live } from "@/api/live.ts";
import type { Id } from "@/api/types.ts";
import { servicesQuery, ticketsKey } from "./queries.ts";

const gatherFor = 250;

/** Keeps the lists, and one ticket if it is given, as they are on the server. */
export function useTicketsLive(id?: Id): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      void client.invalidateQueries({ queryKey: ticketsKey });
      if (id) void client.invalidateQueries({ queryKey: ["ticket", id] });
    };
    const stop = live.onEvent((event) => {
      if (event.kind === "service_changed")
        void client.invalidateQueries({ queryKey: servicesQuery.queryKey });
      const ours = id ? event.subject === id : event.kind.startsWith("ticket_");
      if (ours) timer ??= setTimeout(refresh, gatherFor);
    });
    const stopResets = live.onReset(refresh);
    return () => {
      clearTimeout(timer);
      stop();
      stopResets();
    };
  }, [client, id]);
}
