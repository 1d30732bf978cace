// What a rule sets on the conversation before it is placed.
import { MultiSelect, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Priority } from "@/api/types.ts";
import { PolicyField } from "./policy-field.tsx";
import { skillsQuery } from "./queries.ts";
import type { Faults } from "./rule-set.ts";
import styles from "./rules.module.css";
import type { Settings } from "./types.ts";

interface Props {
  set: Settings;
  faults: Faults;
  onChange: (set: Settings) => void;
}

const priorities = ["none", "low", "medium", "high"] as const satisfies Priority[];

export function SettingsFields({ set, faults, onChange }: Props) {
  const { t } = useTranslation();
  const skills = useQuery(skillsQuery);
  const known = skills.data ?? [];
  return (
    <>
      <div className={styles.pair}>
        <NativeSelect
          label={t("rules:set.priority")}
          data={[
            { value: "", label: t("rules:set.keep") },
            ...priorities.map((value) => ({ value, label: t(`rules:priority.${value}`) })),
          ]}
          value={set.priority ?? ""}
          onChange={(event) =>
            onChange({ ...set, priority: (event.currentTarget.value || null) as Priority | null })
          }
          data-testid="set-priority"
        />
        <TextInput
          label={t("rules:set.subject")}
          placeholder={t("rules:set.keep")}
          description={t("rules:set.subjectHelp", { subject: "{{subject}}" })}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={set.subject ?? ""}
          maxLength={500}
          error={faults.subject}
          onChange={(event) => onChange({ ...set, subject: event.currentTarget.value || null })}
          data-testid="set-subject"
        />
      </div>
      {(known.length > 0 || set.skills.length > 0) && (
        <MultiSelect
          label={t("rules:set.skills")}
          description={t("rules:set.skillsHelp")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder={set.skills.length === 0 ? t("rules:set.anybody") : undefined}
          data={known.map(({ id, name }) => ({ value: id, label: name }))}
          value={set.skills}
          searchable
          nothingFoundMessage={t("common:nothingFound")}
          error={faults.skills}
          onChange={(chosen) => onChange({ ...set, skills: chosen })}
          data-testid="set-skills"
        />
      )}
      <PolicyField
        value={set.policy_id}
        error={faults.policy}
        onChange={(policy_id) => onChange({ ...set, policy_id })}
      />
    </>
  );
}
