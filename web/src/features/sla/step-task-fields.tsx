// The task that a step makes: for whom, and what it is called.
import { Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SlaStep } from "@/api/types.ts";
import styles from "./policy.module.css";
import type { Faults } from "./schedule-model.ts";

interface Props {
  at: string;
  step: SlaStep;
  faults: Faults;
  people: readonly { id: string; name: string }[];
  onChange: (change: Partial<SlaStep>) => void;
}

export function StepTaskFields({ at, step, faults, people, onChange }: Props) {
  const { t } = useTranslation();
  const task = step.make_task;
  return (
    <div className={styles.pair}>
      <Select
        label={t("sla:step.makeTask")}
        description={t("sla:step.makeTaskHelp")}
        placeholder={t("sla:step.noTask")}
        data={people.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("sla:step.noTask") }}
        value={task?.user_id ?? null}
        onChange={(user_id) => onChange({ make_task: user_id ? { title: "", ...task, user_id } : null })}
        nothingFoundMessage={t("common:nothingFound")}
        data-testid="step-task"
      />
      {task && (
        <TextInput
          label={t("sla:step.taskTitle")}
          description={t("sla:step.taskTitleHelp")}
          value={task.title}
          error={faults[`${at}.make_task.title`]}
          onChange={(event) => onChange({ make_task: { ...task, title: event.currentTarget.value } })}
          data-testid="step-task-title"
        />
      )}
    </div>
  );
}
