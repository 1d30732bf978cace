// A task, new or saved: what is to be done, by whom, by when; how it ended.
import { Button, Group, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, post } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { Id, Task } from "@/api/types.ts";
import { fromWallClock, wallClock } from "@/lib/wall-clock.ts";
import { ErrorState } from "@/ui/states.tsx";
import { Moment, useTime } from "@/ui/time.tsx";
import { useForm } from "@/ui/use-form.ts";
import { operatorsQuery } from "../queries.ts";
import { groupsQuery, taskQuery, tasksKey } from "./queries.ts";
import { About } from "./task-row.tsx";
import styles from "./tasks.module.css";
import { useTask } from "./use-task.ts";

interface Subject {
  ticket_id?: Id;
  conversation_id?: Id;
}

/** A new task, about something or by itself. */
export function TaskNewDialog({ about = {}, onClose }: { about?: Subject; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Frame title={t("tasks:create")} onClose={onClose}>
      <TaskForm about={about} onClose={onClose} />
    </Frame>
  );
}

/** A saved task. */
export function TaskDialog({ id, onClose }: { id: Id; onClose: () => void }) {
  const { t } = useTranslation();
  const task = useQuery(taskQuery(id));
  return (
    <Frame title={t("tasks:one")} onClose={onClose}>
      {task.data ? (
        <Saved key={task.data.id} task={task.data} onClose={onClose} />
      ) : (
        task.error && <ErrorState error={task.error} retry={() => void task.refetch()} compact />
      )}
    </Frame>
  );
}

function Frame({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={520}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {children}
    </Modal>
  );
}

function Saved({ task, onClose }: { task: Task; onClose: () => void }) {
  const { t } = useTranslation();
  if (task.state === "open") return <TaskForm task={task} about={{}} onClose={onClose} />;
  return <Ended task={task} onClose={onClose} words={t(`tasks:state.${task.state}`)} />;
}

function Ended({ task, words, onClose }: { task: Task; words: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { reopen, busy } = useTask(task.id);
  return (
    <div className={styles.fields}>
      <p className={styles.title}>{task.title}</p>
      {task.description && <p className={styles.why}>{task.description}</p>}
      <p className={styles.note}>
        <About task={task} />
        <span>
          {words}
          {task.ended_by && ` · ${task.ended_by.name}`}
          {task.ended_at && (
            <>
              {" · "}
              <Moment at={task.ended_at} long />
            </>
          )}
        </span>
      </p>
      {task.result && <p className={styles.why}>{task.result}</p>}
      {task.why && <p className={styles.why}>{task.why}</p>}
      <div className={styles.actions}>
        {!task.stage && (
          <Button
            variant="default"
            loading={busy}
            className={styles.more}
            onClick={() => void reopen().catch(() => undefined)}
            data-testid="task-reopen"
          >
            {t("tasks:reopen")}
          </Button>
        )}
        <Button variant="default" onClick={onClose}>
          {t("common:close")}
        </Button>
      </div>
    </div>
  );
}

function valuesOf(task: Task | undefined, me: Id, zone: string) {
  const who = task?.assignee ? `p:${task.assignee.id}` : task?.group ? `g:${task.group.id}` : "";
  return {
    title: task?.title ?? "",
    description: task?.description ?? "",
    who: task ? who : `p:${me}`,
    due: task?.due_at ? wallClock(new Date(task.due_at), zone) : "",
  };
}

function TaskForm({ task, about, onClose }: { task?: Task; about: Subject; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useMe();
  const { timeZone } = useTime();
  const [initial] = useState(() => valuesOf(task, me.id, timeZone));
  const form = useForm(initial);
  const [key] = useState(() => crypto.randomUUID());
  const [result, setResult] = useState("");
  const ending = useTask(task?.id ?? "");
  const save = useMutation({
    mutationFn: () => {
      const { title, description, who, due } = form.values;
      const [kind, id = null] = who.split(":");
      const body = {
        title,
        description,
        assignee_id: kind === "p" ? id : null,
        // A group keeps a task that one of it has taken.
        group_id: kind === "g" ? id : (task?.group?.id ?? null),
        ...(task?.stage ? {} : { due_at: fromWallClock(due, timeZone)?.toISOString() ?? null }),
      };
      return task
        ? patch<Task>(`/tasks/${task.id}`, body)
        : post<Task>("/tasks", { ...body, ...about }, { idempotencyKey: key });
    },
    onSuccess: (saved) => {
      client.setQueryData(taskQuery(saved.id).queryKey, saved);
      void client.invalidateQueries({ queryKey: tasksKey });
      onClose();
    },
    onError: form.fail,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form.complain({ title: form.values.title.trim() === "" ? t("tasks:titleMissing") : undefined }))
      save.mutate();
  };
  const end = (how: "finish" | "cancel") => void ending[how](result).then(onClose, () => undefined);
  return (
    <form className={styles.fields} onSubmit={submit} noValidate>
      {task?.why && <p className={styles.why}>{task.why}</p>}
      {task && (
        <p className={styles.note}>
          <About task={task} />
          <span>
            {task.created_by ? t("tasks:madeBy", { name: task.created_by.name }) : t("tasks:madeByOtklik")}
          </span>
        </p>
      )}
      <TextInput
        label={t("tasks:titleField")}
        {...form.text("title")}
        data-autofocus
        data-testid="task-title"
      />
      <Textarea
        label={t("tasks:description")}
        autosize
        minRows={2}
        maxRows={8}
        {...form.text("description")}
      />
      <Who
        value={form.values.who}
        error={form.errors.assignee_id ?? form.errors.group_id}
        onChange={(who) => form.set({ who })}
      />
      <TextInput
        type="datetime-local"
        label={t("tasks:due")}
        description={task?.stage ? t("tasks:dueOfStage") : undefined}
        disabled={task?.stage}
        value={form.values.due}
        error={form.errors.due_at}
        onChange={(event) => form.set({ due: event.currentTarget.value })}
        data-testid="task-due"
      />
      {task && (
        <Textarea
          label={t("tasks:result")}
          description={t("tasks:resultHelp")}
          autosize
          minRows={1}
          maxRows={6}
          value={result}
          onChange={(event) => setResult(event.currentTarget.value)}
          data-testid="task-result"
        />
      )}
      {form.message && (
        <p className={styles.due} data-late role="alert">
          {form.message}
        </p>
      )}
      <Group className={styles.actions}>
        {task && !task.stage && (
          <Button
            variant="subtle"
            color="gray"
            className={styles.more}
            loading={ending.busy}
            onClick={() => end("cancel")}
          >
            {t("tasks:cancel")}
          </Button>
        )}
        {task ? (
          <>
            <Button
              type="submit"
              variant="default"
              loading={save.isPending}
              disabled={!form.dirty}
              data-testid="task-save"
            >
              {t("common:save")}
            </Button>
            <Button loading={ending.busy} onClick={() => end("finish")} data-testid="task-done">
              {t("tasks:finish")}
            </Button>
          </>
        ) : (
          <>
            <Button variant="default" onClick={onClose}>
              {t("common:cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} data-testid="task-save">
              {t("tasks:save")}
            </Button>
          </>
        )}
      </Group>
    </form>
  );
}

function Who({
  value,
  error,
  onChange,
}: {
  value: string;
  error?: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const { data: people = [] } = useQuery(operatorsQuery);
  const { data: groups } = useQuery(groupsQuery);
  const others = people.filter(({ id }) => id !== me.id);
  return (
    <Select
      label={t("tasks:who")}
      data={[
        {
          group: t("tasks:people"),
          items: [
            { value: `p:${me.id}`, label: t("tasks:me", { name: me.name }) },
            ...others.map(({ id, name }) => ({ value: `p:${id}`, label: name })),
          ],
        },
        {
          group: t("tasks:groups"),
          items: (groups?.items ?? []).map(({ id, name }) => ({ value: `g:${id}`, label: name })),
        },
      ]}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("tasks:nobody") }}
      placeholder={t("tasks:nobody")}
      value={value || null}
      error={error}
      onChange={(next) => onChange(next ?? "")}
      nothingFoundMessage={t("common:nothingFound")}
      data-testid="task-who"
    />
  );
}
