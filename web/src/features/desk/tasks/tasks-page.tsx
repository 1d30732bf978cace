// The tasks: one's own by the time they are due, those of one's groups, those given to others. The filter is in the address.
import { Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { IconChecklist, IconPlus } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePages } from "@/api/pages.ts";
import type { Task } from "@/api/types.ts";
import { type TasksSearch, taskEnds, taskScopes } from "@/routes/search.ts";
import { LoadMore } from "@/ui/load-more.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { tasksKey } from "./queries.ts";
import { TaskRow } from "./task-row.tsx";
import styles from "./tasks.module.css";

const route = getRouteApi("/shell/tasks");
const TaskDialog = lazy(() => import("./task-dialog.tsx").then((file) => ({ default: file.TaskDialog })));
const TaskNewDialog = lazy(() =>
  import("./task-dialog.tsx").then((file) => ({ default: file.TaskNewDialog })),
);

export function TasksPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = route.useSearch();
  const { task: opened, whose = "mine", ended } = search;
  const [creating, setCreating] = useState(false);
  const go = (change: Partial<TasksSearch>) =>
    void navigate({ to: "/tasks", search: { ...search, ...change } });
  const pages = usePages<Task>(tasksKey, "/tasks", { scope: whose, state: ended ?? "open" });
  const create = (
    <Button
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => setCreating(true)}
      data-testid="task-new"
    >
      {t("tasks:create")}
    </Button>
  );
  return (
    <div className={styles.scroll}>
      <PageFrame wide title={t("tasks:title")} text={t("tasks:text")} actions={create}>
        <div className={styles.filter}>
          <SegmentedControl
            aria-label={t("tasks:whose")}
            value={whose}
            onChange={(next) => go({ whose: taskScopes.find((each) => each === next && each !== "mine") })}
            data={taskScopes.map((each) => ({ value: each, label: t(`tasks:scope.${each}`) }))}
          />
          <NativeSelect
            aria-label={t("tasks:howFar")}
            value={ended ?? "open"}
            onChange={(event) => go({ ended: taskEnds.find((each) => each === event.currentTarget.value) })}
            data={["open", ...taskEnds].map((each) => ({ value: each, label: t(`tasks:filter.${each}`) }))}
            data-testid="tasks-state"
          />
        </div>
        {pages.error && !pages.rows ? (
          <ErrorState error={pages.error} retry={pages.retry} />
        ) : !pages.rows ? (
          <RowSkeletons count={6} height={52} />
        ) : pages.rows.length === 0 ? (
          <EmptyState
            icon={<IconChecklist size={28} stroke={1.5} />}
            title={t(ended ? "tasks:noneEnded" : `tasks:none.${whose}`)}
            text={t("tasks:noneText")}
          />
        ) : (
          <ul className={styles.list} data-testid="tasks">
            {pages.rows.map((task) => (
              <TaskRow key={task.id} task={task} onOpen={() => go({ task: task.id })} />
            ))}
          </ul>
        )}
        <LoadMore pages={pages} />
      </PageFrame>
      <Suspense>
        {opened && <TaskDialog id={opened} onClose={() => go({ task: undefined })} />}
        {creating && <TaskNewDialog onClose={() => setCreating(false)} />}
      </Suspense>
    </div>
  );
}
