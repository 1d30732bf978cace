// Whether one wants to hear of a conversation. What is meant for oneself is told all the same.
import { IconBell, IconBellOff } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get, put, remove } from "@/api/http.ts";
import type { ConversationRef, Id, Items } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";

const mutedQuery = queryOptions({
  // Renewed with everything else of notifications.
  queryKey: ["notifications", "muted"] as const,
  queryFn: ({ signal }) => get<Items<ConversationRef>>("/notifications/muted", undefined, signal),
  staleTime: 5 * 60_000,
});

export function MuteButton({ id, className }: { id: Id; className?: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data } = useQuery(mutedQuery);
  const muted = data?.items.some((each) => each.id === id) ?? false;
  const change = useMutation({
    mutationFn: () =>
      muted ? remove(`/notifications/muted/${id}`) : put<void>(`/notifications/muted/${id}`, {}),
    onSuccess: () => notifyDone(t(muted ? "notify:mute.off" : "notify:mute.on")),
    onError: notifyError,
    onSettled: () => client.invalidateQueries({ queryKey: mutedQuery.queryKey }),
  });
  return (
    <IconButton
      label={t(muted ? "notify:mute.unmute" : "notify:mute.mute")}
      className={className}
      aria-pressed={muted}
      disabled={!data || change.isPending}
      onClick={() => change.mutate()}
      data-testid="mute-button"
    >
      {muted ? <IconBellOff size={18} stroke={1.5} /> : <IconBell size={18} stroke={1.5} />}
    </IconButton>
  );
}
