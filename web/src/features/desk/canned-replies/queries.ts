// Canned replies as the server keeps them: all of one's own and the shared ones, those of a line, and how one reads.
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { get, post } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { CannedReply, Conversation, FilledReply, Id, Items } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { useLiveEvents } from "@/ui/use-live.ts";
import { fitting } from "./fitting.ts";

export const cannedRepliesKey = ["canned-replies"] as const;

/** All that the person sees, or those that are of use on a line. */
export const cannedRepliesQuery = (lineId?: Id) =>
  queryOptions({
    queryKey: [...cannedRepliesKey, "list", lineId ?? "all"] as const,
    queryFn: ({ signal }) => get<Items<CannedReply>>("/canned-replies", { line_id: lineId }, signal),
    staleTime: 5 * 60_000,
  });

export const cannedPreviewQuery = (id: Id, conversationId: Id) =>
  queryOptions({
    queryKey: [...cannedRepliesKey, "preview", id, conversationId] as const,
    queryFn: ({ signal }) =>
      get<FilledReply>(`/canned-replies/${id}/preview`, { conversation_id: conversationId }, signal),
    staleTime: 60_000,
  });

/** What the composer does with canned replies. */
export interface CannedReplies {
  find: (typed: string) => Promise<CannedReply[]>;
  /** As the client will read it; null when it failed, which was said. */
  fill: (reply: CannedReply) => Promise<string | null>;
}

const changes = ["canned_reply_created", "canned_reply_changed", "canned_reply_deleted"];

/** Fetches the lists anew when somebody changes a reply, and for a page that counts also when one is used. */
export function useFollowCannedReplies(counting = false): void {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: cannedRepliesKey });
  useLiveEvents(counting ? [...changes, "canned_reply_used"] : changes, refresh, refresh);
}

/** None for somebody who may not use them. */
export function useCannedReplies(conversation: Conversation): CannedReplies | undefined {
  const { t } = useTranslation();
  const client = useQueryClient();
  const can = useCan();
  const allowed = can("conversations.reply");
  const lineId = conversation.line.id;
  // Read before the first "/" is typed: the list answers at once.
  useQuery({ ...cannedRepliesQuery(lineId), enabled: allowed });
  useFollowCannedReplies();
  return useMemo(() => {
    if (!allowed) return undefined;
    return {
      find: (typed) =>
        client
          .fetchQuery(cannedRepliesQuery(lineId))
          .then(({ items }) => fitting(items, typed).slice(0, 8))
          .catch(() => []),
      fill: (reply) =>
        post<FilledReply>(`/canned-replies/${reply.id}/fill`, { conversation_id: conversation.id })
          .then(({ html }) => html)
          .catch((error) => {
            notifyError(error, t("answers:insertFailed"));
            return null;
          }),
    };
  }, [allowed, client, conversation.id, lineId, t]);
}
