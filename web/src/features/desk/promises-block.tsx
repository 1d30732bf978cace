// What was promised on a conversation or a ticket, and what came of it. Read when the block is open.
import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { live } from "@/api/live.ts";
import type { Id, SlaSubject } from "@/api/types.ts";
import { Delayed, ErrorState } from "@/ui/states.tsx";
import { PanelBlock } from "./panel-block.tsx";
import { PromiseItem } from "./promise-item.tsx";
import styles from "./promises.module.css";
import { conversationQuery, promisesQuery } from "./queries.ts";
import { ticketQuery } from "./tickets/queries.ts";

const PromiseDialog = lazy(() => import("./promise-dialog.tsx"));

export function PromisesBlock({ of, id }: { of: SlaSubject; id: Id }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState<Id | null>(null);
  const query = useQuery({
    ...promisesQuery(of, id),
    enabled: open,
    // What has counted by now is known to the server only: it has the schedule.
    refetchInterval: ({ state }) =>
      state.data?.items.some((clock) => clock.state === "running") ? 60_000 : false,
  });
  useFollow(of, id);
  const items = query.data?.items;
  const explained = items?.find((clock) => clock.id === asked);
  if (items?.length === 0) return null;
  return (
    <PanelBlock id="promises" title={t("sla:promises.title")} onShown={setOpen}>
      {query.isError ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} compact />
      ) : items ? (
        <ul className={styles.list} data-testid="promises">
          {/* What is still to be kept, and what was promised last, comes first. */}
          {[...items]
            .reverse()
            .sort((one, other) => Number(one.ended_at !== null) - Number(other.ended_at !== null))
            .map((clock) => (
              <PromiseItem key={clock.id} of={of} clock={clock} onAsk={() => setAsked(clock.id)} />
            ))}
        </ul>
      ) : (
        <Delayed>
          <Skeleton height={12} width="70%" />
          <Skeleton height={12} width="45%" mt={8} />
        </Delayed>
      )}
      <Suspense>{explained && <PromiseDialog clock={explained} onClose={() => setAsked(null)} />}</Suspense>
    </PanelBlock>
  );
}

/** Clocks follow a conversation or a ticket a moment after it has changed, and not every change of theirs is an event of its own. */
const followFor = 1_000;

function useFollow(of: SlaSubject, id: Id): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      // By now it is known whether it is still one of ours.
      const key = of === "ticket" ? ticketQuery(id).queryKey : conversationQuery(id).queryKey;
      if (client.getQueryState(key)?.status === "error") return;
      void client.invalidateQueries({ queryKey: promisesQuery(of, id).queryKey });
    };
    const stop = live.onEvent((event) => {
      const ours = of === "ticket" ? event.subject === id : event.conversation_id === id;
      if (ours) timer ??= setTimeout(refresh, followFor);
    });
    const stopResets = live.onReset(refresh);
    return () => {
      clearTimeout(timer);
      stop();
      stopResets();
    };
  }, [client, of, id]);
}
