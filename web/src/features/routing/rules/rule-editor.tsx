// A rule, opened: its name, when it applies, where it sends, and what else happens.
import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Line } from "@/api/types.ts";
import { ConditionEditor } from "./condition-editor.tsx";
import { OverflowFields } from "./overflow-fields.tsx";
import { ReplyFields } from "./reply-fields.tsx";
import type { EditedRule, Faults } from "./rule-set.ts";
import styles from "./rules.module.css";
import { SettingsFields } from "./settings-fields.tsx";
import { TargetPicker } from "./target-picker.tsx";
import type { Attribute } from "./types.ts";
import type { Names } from "./use-names.ts";

interface Props {
  line: Line;
  rule: EditedRule;
  attributes: readonly Attribute[];
  names: Names;
  faults: Faults;
  onChange: (change: Partial<EditedRule>) => void;
}

export function RuleEditor({ line, rule, attributes, names, faults, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <div className={styles.editor} data-testid="rule-editor">
      <TextInput
        label={t("rules:rule.name")}
        placeholder={t("rules:rule.nameExample")}
        value={rule.name}
        error={faults.name}
        maxLength={200}
        autoFocus={rule.id === null && rule.name === ""}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        data-testid="rule-name"
      />
      <Block title={t("rules:rule.when")}>
        <ConditionEditor
          condition={rule.condition}
          line={line.id}
          attributes={attributes}
          names={names}
          faults={faults}
          onChange={(condition) => onChange({ condition })}
        />
      </Block>
      <Block title={t("rules:rule.where")}>
        <TargetPicker
          line={line}
          label={t("rules:rule.target")}
          target={rule.target}
          names={names}
          error={faults.target}
          onChange={(target) => onChange({ target })}
        />
        <OverflowFields
          line={line}
          overflow={rule.overflow}
          names={names}
          faults={faults}
          onChange={(overflow) => onChange({ overflow })}
        />
      </Block>
      <Block title={t("rules:rule.besides")}>
        <ReplyFields
          reply={rule.auto_reply}
          error={faults.auto_reply}
          onChange={(auto_reply) => onChange({ auto_reply })}
        />
        <SettingsFields set={rule.set} faults={faults} onChange={(set) => onChange({ set })} />
      </Block>
    </div>
  );
}

function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.block}>
      <h3 className={styles.blockTitle}>{title}</h3>
      {children}
    </section>
  );
}
