// One task of a list: a circle that ends it, what it is, what it is about, by when.
import { UnstyledButton } from "@mantine/core";
import { IconCircle, IconCircleCheckFilled, IconCircleX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Task } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { Moment, useNow } from "@/ui/time.tsx";
import styles from "./tasks.module.css";
import { useTask } from "./use-task.ts";

interface Props {
  task: Task;
  /** What it is about is known where it stands. */
  bare?: boolean;
  onOpen: () => void;
}

export function TaskRow({ task, bare = false, onOpen }: Props) {
  const { t } = useTranslation();
  const now = useNow();
  const { finish, busy } = useTask(task.id);
  const late = task.state === "open" && task.due_at !== null && Date.parse(task.due_at ?? "") < now.getTime();
  return (
    <li className={styles.row} data-state={task.state} data-testid="task-row">
      {task.state === "open" ? (
        <IconButton
          label={t("tasks:finishOne", { title: task.title })}
          disabled={busy}
          onClick={() => void finish().catch(() => undefined)}
          data-testid="task-finish"
        >
          <IconCircle size={18} stroke={1.5} />
        </IconButton>
      ) : (
        <span className={styles.mark} role="img" aria-label={t(`tasks:state.${task.state}`)}>
          {task.state === "done" ? (
            <IconCircleCheckFilled size={18} className={styles.done} />
          ) : (
            <IconCircleX size={18} stroke={1.5} />
          )}
        </span>
      )}
      <div className={styles.words}>
        <UnstyledButton className={styles.title} onClick={onOpen} data-testid="task-open">
          {task.title}
        </UnstyledButton>
        <span className={styles.note}>
          {!bare && <About task={task} />}
          {task.assignee ? (
            <span className={styles.person}>
              <Avatar name={task.assignee.name} color={task.assignee.avatar_color} size={16} />
              {task.assignee.name}
            </span>
          ) : (
            <span>{task.group?.name ?? t("tasks:nobody")}</span>
          )}
          {task.stage && <span className={styles.tag}>{t("tasks:stage")}</span>}
        </span>
      </div>
      {task.state === "open" && task.due_at && (
        <span className={styles.due} data-late={late || undefined}>
          {late && <span className={styles.late}>{t("tasks:late")}</span>}
          <Moment at={task.due_at} long />
        </span>
      )}
      {task.ended_at && (
        <span className={styles.due}>
          <Moment at={task.ended_at} long />
        </span>
      )}
    </li>
  );
}

export function About({ task }: { task: Task }) {
  const { t } = useTranslation();
  if (task.ticket) {
    return (
      <Link to="/tickets/$number" params={{ number: String(task.ticket.number) }} className={styles.link}>
        {t("tasks:ofTicket", { number: task.ticket.number })} · {task.ticket.subject}
      </Link>
    );
  }
  if (task.conversation) {
    return (
      <Link
        to="/c/$view/$conversationId"
        params={{ view: "all", conversationId: task.conversation.id }}
        className={styles.link}
      >
        {t("tasks:ofConversation", { number: task.conversation.number })} · {task.conversation.subject}
      </Link>
    );
  }
  return null;
}
