// One click takes the conversation whose turn it is. Of two who click at once each gets another one: the server decides.
import { Button } from "@mantine/core";
import { IconHandGrab } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { ConversationRow } from "@/api/types.ts";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { applyRow, refreshCounters } from "./cache.ts";
import type { ListFilter } from "./rows.ts";
import styles from "./rows-column.module.css";

export function TakeOldest({ filter }: { filter: ListFilter }) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const take = useMutation({
    mutationFn: () => post<ConversationRow>("/queue/take-oldest", { line_id: filter.line ?? null }),
    onSuccess: (row) => {
      applyRow(client, row);
      void refreshCounters(client);
      void navigate({ to: "/c/$view/$conversationId", params: { view: "mine", conversationId: row.id } });
    },
    onError: (error) => {
      // What is still in the list is on offer to others, or somebody has put it back by hand.
      if (error instanceof ApiError && error.code === "queue_empty") notifyDone(t("rules:queueEmpty"));
      else notifyError(error);
      // Somebody was quicker: what is shown as waiting is out of date.
      void client.invalidateQueries({ queryKey: ["conversations"] });
      void refreshCounters(client);
    },
  });
  if (filter.view !== "unassigned" || filter.search || !can("conversations.assign")) return null;
  return (
    <div className={styles.takeOldest}>
      <Button
        fullWidth
        variant="light"
        leftSection={<IconHandGrab size={18} stroke={1.5} />}
        loading={take.isPending}
        onClick={() => take.mutate()}
        data-testid="take-oldest"
      >
        {t("rules:takeOldest")}
      </Button>
    </div>
  );
}
