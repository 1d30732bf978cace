// A card goes to another column: shown at once, sent as a transfer, put back with the server's words when it is refused.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { ConversationRow, Id, Person } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { movedCard } from "./board-logic.ts";
import { boardQuery } from "./board-queries.ts";

export interface Move {
  card: ConversationRow;
  /** Null: nobody, it goes back into the queue. */
  to: Person | null;
}
export const moveKey = ["routing", "move"];

export function useMove(line: Id) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const { queryKey } = boardQuery(line);
  return useMutation({
    mutationKey: moveKey,
    mutationFn: async ({ card, to }: Move) => {
      const path = `/conversations/${card.id}`;
      // By hand anybody takes what he wants, whatever his status and his limit.
      if (to?.id === me.id) await post(`${path}/take`);
      else await post(`${path}/transfer`, { to: to ? { kind: "operator", id: to.id } : { kind: "queue" } });
    },
    onMutate: async ({ card, to }) => {
      await client.cancelQueries({ queryKey });
      client.setQueryData(queryKey, (board) => board && movedCard(board, card.id, to));
    },
    onError: (error, { card }) => {
      client.setQueryData(queryKey, (board) => board && movedCard(board, card.id, card.assignee));
      notifyError(error, t("staff:board.refused", { name: card.contact.name }));
    },
    onSettled: () => {
      // Of several moves at once the last one fetches, so that none is shown as undone.
      if (client.isMutating({ mutationKey: moveKey }) === 1) void client.invalidateQueries({ queryKey });
    },
  });
}
