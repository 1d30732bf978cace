// Where a rule sends: one of the actions, and the group or person it needs.
import { NativeSelect, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Line } from "@/api/types.ts";
import { operatorNamesQuery } from "./queries.ts";
import { targetKinds, targetOf } from "./rule-set.ts";
import styles from "./rules.module.css";
import type { Target, TargetKind } from "./types.ts";
import type { Names } from "./use-names.ts";

interface Props {
  line: Line;
  label: string;
  target: Target;
  names: Names;
  error?: string;
  onChange: (target: Target) => void;
}

export function TargetPicker({ line, label, target, names, error, onChange }: Props) {
  const { t } = useTranslation();
  const groups = line.operator_groups;
  const kind = target.kind;
  const ids = groups.map(({ id }) => id);
  return (
    <div className={styles.target} data-testid="target">
      <NativeSelect
        label={label}
        description={t(`rules:targetHelp.${kind}`)}
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={targetKinds.map((each) => ({ value: each, label: t(`rules:target.${each}`) }))}
        value={kind}
        onChange={(event) => onChange(targetOf(event.currentTarget.value as TargetKind, target, ids))}
        data-testid="target-kind"
      />
      {(kind === "least_loaded" || kind === "invite_group") && (
        <NativeSelect
          label={t("rules:rule.group")}
          data={choices(groups, target.group_id, names, t("rules:rule.chooseGroup"))}
          value={target.group_id}
          error={error}
          onChange={(event) => onChange({ kind, group_id: event.currentTarget.value })}
          data-testid="target-group"
        />
      )}
      {kind === "queue" && (
        <NativeSelect
          label={t("rules:rule.whose")}
          data={choices(groups, target.group_id ?? "", names, t("rules:rule.common"))}
          value={target.group_id ?? ""}
          error={error}
          onChange={(event) => onChange({ kind, group_id: event.currentTarget.value || null })}
          data-testid="target-queue"
        />
      )}
      {kind === "operator" && (
        <PersonPicker
          line={line}
          chosen={target.user_id}
          names={names}
          error={error}
          onChange={(user_id) => onChange({ kind, user_id })}
        />
      )}
    </div>
  );
}

/** A group that no longer works on the line stays to be seen, until another one is chosen. */
function choices(groups: Line["operator_groups"], chosen: string, names: Names, none: string) {
  const known = groups.map(({ id, name }) => ({ value: id, label: name }));
  const missing = chosen !== "" && !groups.some(({ id }) => id === chosen);
  const stray = missing ? [{ value: chosen, label: names.get(chosen) ?? chosen }] : [];
  return [{ value: "", label: none }, ...known, ...stray];
}

interface PersonProps {
  line: Line;
  chosen: string;
  names: Names;
  error?: string;
  onChange: (id: string) => void;
}

function PersonPicker({ line, chosen, names, error, onChange }: PersonProps) {
  const { t } = useTranslation();
  const operators = useQuery(operatorNamesQuery);
  const here = (operators.data ?? []).filter(({ lines }) => lines.includes(line.id));
  const data = here.map(({ id, name }) => ({ value: id, label: name }));
  if (chosen !== "" && !here.some(({ id }) => id === chosen)) {
    data.push({ value: chosen, label: names.get(chosen) ?? t("rules:said.unknown") });
  }
  return (
    <Select
      label={t("rules:rule.operator")}
      placeholder={t("rules:rule.chooseOperator")}
      data={data}
      value={chosen || null}
      searchable
      allowDeselect={false}
      nothingFoundMessage={t("common:nothingFound")}
      error={error}
      onChange={(id) => id && onChange(id)}
      data-testid="target-operator"
    />
  );
}
