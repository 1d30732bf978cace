// The stages of a ticket: plan and fact side by side. A ticket without a route can be sent by one.
import { Button, Menu, UnstyledButton } from "@mantine/core";
import { IconRoute } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Id, RouteRun, RouteStage, Ticket, TicketRoutes } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { tasksKey } from "../tasks/queries.ts";
import { routesQuery, ticketRouteQuery } from "./queries.ts";
import { type StageAct, StageItem } from "./stage-item.tsx";
import styles from "./stages.module.css";

const EndDialog = lazy(() => import("./end-dialog.tsx"));

export function StagesBlock({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const can = useCan();
  const { id, status } = ticket;
  const ways = useQuery(ticketRouteQuery(id));
  const [earlier, setEarlier] = useState(false);
  if (ways.error && !ways.data)
    return <ErrorState error={ways.error} retry={() => void ways.refetch()} compact />;
  if (!ways.data) return null;
  const [run, ...others] = ways.data.items;
  const startable = can("tickets.edit") && status !== "resolved" && status !== "closed";
  return (
    <section aria-label={t("stages:title")} data-testid="stages">
      {run ? (
        <>
          <Head run={run}>{startable && run.state !== "running" && <Start id={id} again />}</Head>
          <Stages ticket={id} run={run} />
          {others.length > 0 && (
            <UnstyledButton
              className={`${styles.muted} ${styles.earlier}`}
              onClick={() => setEarlier(!earlier)}
            >
              {t("stages:earlier", { count: others.length })}
            </UnstyledButton>
          )}
          {earlier &&
            others.map((each) => (
              <div key={each.id} className={styles.earlier}>
                <Head run={each} />
                <Stages ticket={id} run={each} />
              </div>
            ))}
        </>
      ) : (
        startable && <Nothing id={id} />
      )}
    </section>
  );
}

function Head({ run, children }: { run: RouteRun; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={styles.head}>
      <div>
        <h2 className={styles.title}>{t("stages:of", { route: run.name })}</h2>
        <p className={styles.muted}>
          {run.why ?? (run.started_by && t("stages:startedBy", { name: run.started_by.name }))}
        </p>
      </div>
      {run.state === "running" && run.planned_at ? (
        <p className={styles.muted}>
          {t("stages:plannedEnd")} <Moment at={run.planned_at} long />
        </p>
      ) : (
        <p className={styles.muted}>{run.state !== "running" && t(`stages:run.${run.state}`)}</p>
      )}
      {children}
    </div>
  );
}

function Nothing({ id }: { id: Id }) {
  const { t } = useTranslation();
  const { data } = useQuery(routesQuery);
  if (!data || data.items.length === 0) return null;
  return (
    <div className={styles.empty}>
      <span>{t("stages:none")}</span>
      <Start id={id} />
    </div>
  );
}

function Start({ id, again = false }: { id: Id; again?: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data } = useQuery(routesQuery);
  const start = useMutation({
    mutationFn: (route_id: Id) => post<TicketRoutes>(`/tickets/${id}/route`, { route_id }),
    onSuccess: (ways) => client.setQueryData(ticketRouteQuery(id).queryKey, ways),
    onError: (error) => notifyError(error),
    onSettled: () => client.invalidateQueries({ queryKey: ["ticket", id] }),
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconRoute size={16} stroke={1.5} />}
          loading={start.isPending}
          data-testid="route-start"
        >
          {t(again ? "stages:startAgain" : "stages:start")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(data?.items ?? []).map((route) => (
          <Menu.Item key={route.id} onClick={() => start.mutate(route.id)} data-testid="route-choice">
            {route.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Stages({ ticket, run }: { ticket: Id; run: RouteRun }) {
  const can = useCan();
  const client = useQueryClient();
  const [ending, setEnding] = useState<{ stage: RouteStage; act: "complete" | "skip" } | null>(null);
  const act = useMutation({
    mutationFn: ({ stage, what, body }: { stage: Id; what: StageAct; body: object }) =>
      post<TicketRoutes>(`/tickets/${ticket}/route/stages/${stage}/${what}`, body),
    onSuccess: (ways) => {
      client.setQueryData(ticketRouteQuery(ticket).queryKey, ways);
      setEnding(null);
    },
    onError: (error) => notifyError(error),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["ticket", ticket] });
      void client.invalidateQueries({ queryKey: tasksKey });
    },
  });
  return (
    <>
      <ol className={styles.list}>
        {run.stages.map((stage, index) => (
          <StageItem
            key={stage.id}
            stage={stage}
            beside={index > 0 && run.stages[index - 1]?.wave === stage.wave}
            editable={can("tickets.edit") && run.state === "running"}
            onAct={(what) =>
              what === "take"
                ? act.mutate({ stage: stage.id, what, body: {} })
                : setEnding({ stage, act: what })
            }
          />
        ))}
      </ol>
      <Suspense>
        {ending && (
          <EndDialog
            act={ending.act}
            stage={ending.stage.name}
            busy={act.isPending}
            onClose={() => setEnding(null)}
            onEnd={(text) =>
              act.mutate({
                stage: ending.stage.id,
                what: ending.act,
                body: ending.act === "skip" ? { reason: text } : { result: text },
              })
            }
          />
        )}
      </Suspense>
    </>
  );
}
