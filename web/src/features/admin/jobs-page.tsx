// Background work: what waits, what runs, what failed and why.
import { Badge, Button, Tabs } from "@mantine/core";
import { IconCircleCheck, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { usePages } from "@/api/pages.ts";
import type { Job, JobState } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { DataTable } from "@/ui/data-table.tsx";
import { LoadMore } from "@/ui/load-more.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./admin.module.css";
import { useJobColumns } from "./job-columns.tsx";
import { JobDialog } from "./job-dialog.tsx";
import { jobCountersQuery } from "./queries.ts";

const route = getRouteApi("/shell/admin/jobs");
const states = ["waiting", "running", "failed"] as const satisfies JobState[];

export function JobsPage() {
  return (
    <Allowed need="jobs.manage">
      <Jobs />
    </Allowed>
  );
}

function Jobs() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const search = route.useSearch();
  const [opened, setOpened] = useState<Job | null>(null);
  const [retrying, setRetrying] = useState(false);
  // Jobs come and go many times a minute and tell nobody: the counters are asked for again.
  const counters = useQuery({ ...jobCountersQuery, refetchInterval: 5_000 });
  const state = search.state ?? ((counters.data?.failed ?? 0) > 0 ? "failed" : "waiting");
  const { kind } = search;
  const pages = usePages<Job>(["jobs", "list"], "/jobs", { state, kind });
  const refresh = () => client.invalidateQueries({ queryKey: ["jobs"] });
  useLiveEvents(["job_failed", "job_changed"], refresh, refresh);

  const retryAll = useMutation({
    mutationFn: () => post<{ count: number }>("/jobs/retry-all", { kind: kind ?? null }),
    onSuccess: ({ count }) => notifyDone(t("admin:jobs.retriedAll", { count })),
    onError: (error) => notifyError(error),
    onSettled: () => {
      setRetrying(false);
      return refresh();
    },
  });
  const columns = useJobColumns(state, setOpened);
  const failed = kind
    ? (counters.data?.kinds.find((each) => each.kind === kind)?.failed ?? 0)
    : (counters.data?.failed ?? 0);

  return (
    <PageFrame
      wide
      title={t("admin:section.jobs")}
      text={t("admin:jobs.text")}
      actions={
        state === "failed" &&
        failed > 0 && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={18} stroke={1.5} />}
            onClick={() => setRetrying(true)}
            data-testid="jobs-retry-all"
          >
            {t("admin:jobs.retryAll")}
          </Button>
        )
      }
    >
      <Tabs
        value={state}
        mb="md"
        onChange={(next) =>
          void navigate({
            to: "/admin/jobs",
            search: (old) => ({ ...old, state: states.find((each) => each === next) }),
            replace: true,
          })
        }
      >
        <Tabs.List style={{ flexWrap: "nowrap", overflowX: "auto" }}>
          {states.map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              data-testid={`jobs-tab-${each}`}
              rightSection={
                <Badge
                  variant="light"
                  className="tnum"
                  style={{ flex: "none", minWidth: 28 }}
                  color={each === "failed" && (counters.data?.failed ?? 0) > 0 ? "red" : "gray"}
                >
                  {counters.data?.[each] ?? "–"}
                </Badge>
              }
            >
              {t(`admin:jobs.state.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {kind && (
        <div className={styles.tools}>
          <button
            type="button"
            className={styles.chip}
            onClick={() => void navigate({ to: "/admin/jobs", search: { state: search.state } })}
          >
            {t("admin:jobs.onlyKind", { kind })} ×
          </button>
        </div>
      )}
      <DataTable
        label={t("admin:section.jobs")}
        columns={columns}
        rows={pages.rows}
        rowKey={(job) => job.id}
        rowTestId="job-row"
        onOpen={setOpened}
        error={pages.error}
        retry={pages.retry}
        empty={
          <EmptyState
            icon={<IconCircleCheck size={28} stroke={1.5} />}
            title={t(`admin:jobs.empty.${state}`)}
            text={t(`admin:jobs.emptyText.${state}`)}
          />
        }
      />
      <LoadMore pages={pages} />
      <JobDialog job={opened} onClose={() => setOpened(null)} />
      <ConfirmDialog
        opened={retrying}
        title={t("admin:jobs.retryAllTitle", { count: failed })}
        text={t("admin:jobs.retryAllText")}
        confirm={t("admin:jobs.retryAll")}
        harmless
        loading={retryAll.isPending}
        onConfirm={() => retryAll.mutate()}
        onClose={() => setRetrying(false)}
      />
    </PageFrame>
  );
}
