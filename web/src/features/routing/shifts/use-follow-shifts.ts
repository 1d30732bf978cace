// Plans follow what others change; who is on duty follows statuses, a moment later.
import { useQueryClient } from "@tanstack/react-query";
import { useLiveEvents } from "@/ui/use-live.ts";
import { shiftsKey } from "./queries.ts";

export function useFollowShifts(): void {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: shiftsKey });
  useLiveEvents(["operator_shifts_changed", "operator_changed"], () => void refresh(), refresh);
}
