// The tasks of a ticket or of a conversation, the open ones first.
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Id, Page, SlaSubject, Task } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import panel from "../panel.module.css";
import { PanelBlock } from "../panel-block.tsx";
import { tasksKey } from "./queries.ts";
import { TaskRow } from "./task-row.tsx";
import styles from "./tasks.module.css";

const TaskDialog = lazy(() => import("./task-dialog.tsx").then((file) => ({ default: file.TaskDialog })));
const TaskNewDialog = lazy(() =>
  import("./task-dialog.tsx").then((file) => ({ default: file.TaskNewDialog })),
);

export function TasksBlock({ of, id }: { of: SlaSubject; id: Id }) {
  const { t } = useTranslation();
  const can = useCan();
  const [opened, setOpened] = useState<Id | null>(null);
  const [creating, setCreating] = useState(false);
  const { data } = useQuery({
    queryKey: [...tasksKey, of, id],
    queryFn: ({ signal }) => get<Page<Task>>("/tasks", { [of]: id, state: "all", limit: 100 }, signal),
  });
  const tasks = [...(data?.items ?? [])].sort(
    (a, b) => Number(a.state !== "open") - Number(b.state !== "open"),
  );
  const open = tasks.filter((task) => task.state === "open").length;
  const editable = can(of === "ticket" ? "tickets.edit" : "conversations.note");
  const about = of === "ticket" ? { ticket_id: id } : { conversation_id: id };
  return (
    <PanelBlock
      id="tasks"
      title={t("tasks:title")}
      count={open}
      action={
        editable && (
          <IconButton label={t("tasks:add")} onClick={() => setCreating(true)} data-testid="task-add">
            <IconPlus size={18} stroke={1.5} />
          </IconButton>
        )
      }
    >
      {tasks.length === 0 ? (
        <p className={panel.muted}>{t("tasks:noneHere")}</p>
      ) : (
        <ul className={styles.block} data-testid="tasks-here">
          {tasks.map((task) => (
            <TaskRow key={task.id} task={task} bare onOpen={() => setOpened(task.id)} />
          ))}
        </ul>
      )}
      <Suspense>
        {opened && <TaskDialog id={opened} onClose={() => setOpened(null)} />}
        {creating && <TaskNewDialog about={about} onClose={() => setCreating(false)} />}
      </Suspense>
    </PanelBlock>
  );
}
