// One rule in the list: its number, name and what it says in plain words; opened, its editor.
import { Badge, Button, Switch } from "@mantine/core";
import { IconArrowRight, IconChevronRight, IconGripVertical } from "@tabler/icons-react";
import type { PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Line } from "@/api/types.ts";
import { currentLocale } from "@/i18n/index.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { RuleMenu } from "./rule-menu.tsx";
import { changeOf, type EditedRule } from "./rule-set.ts";
import styles from "./rules.module.css";
import type { Attribute } from "./types.ts";
import type { Names } from "./use-names.ts";
import type { EditedSet } from "./use-rule-set.ts";
import { conditionWords, targetWords } from "./words.ts";

interface Props {
  line: Line;
  edited: EditedSet;
  rule: EditedRule;
  /** Null: it is to be deleted. */
  number: number | null;
  first: boolean;
  last: boolean;
  attributes: readonly Attribute[];
  names: Names;
  open: boolean;
  dragged: boolean;
  onTake: (event: PointerEvent<HTMLElement>) => void;
  onOpen: (open: boolean) => void;
  onMove: (step: -1 | 1) => void;
  onCopy: () => void;
  onDrop: () => void;
}

export function RuleItem(props: Props) {
  const { line, edited, rule, number, attributes, names, open, onOpen, onMove } = props;
  const { t } = useTranslation();
  const faults = edited.faults.rules[rule.uid] ?? {};
  const name = rule.name || t("rules:list.untitled");
  return (
    <li
      className={styles.rule}
      data-dragged={props.dragged || undefined}
      data-wrong={Object.keys(faults).length > 0 || undefined}
      data-off={!rule.enabled || rule.deleted || undefined}
      data-testid="rule"
    >
      <div className={styles.head}>
        <button
          type="button"
          className={styles.grip}
          aria-label={t("rules:list.drag", { name })}
          onPointerDown={props.onTake}
          onKeyDown={(event) => {
            const step = { ArrowUp: -1 as const, ArrowDown: 1 as const }[event.key];
            if (!step) return;
            event.preventDefault();
            onMove(step);
          }}
          data-testid="rule-grip"
        >
          <IconGripVertical size={18} stroke={1.5} />
        </button>
        <span className={styles.number}>{number}</span>
        <button
          type="button"
          className={styles.title}
          aria-expanded={open}
          disabled={rule.deleted}
          onClick={() => onOpen(!open)}
          data-testid="rule-open"
        >
          <span className={styles.name} data-deleted={rule.deleted || undefined}>
            {name}
          </span>
          <Mark rule={rule} edited={edited} />
          {!open && !rule.deleted && <Summary rule={rule} attributes={attributes} names={names} />}
        </button>
        {rule.deleted ? (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => edited.putRule(rule.uid, { deleted: false })}
            data-testid="rule-restore"
          >
            {t("rules:list.restore")}
          </Button>
        ) : (
          <>
            <Switch
              aria-label={t("rules:list.enabled", { name })}
              checked={rule.enabled}
              onChange={(event) => edited.putRule(rule.uid, { enabled: event.currentTarget.checked })}
              className={styles.switch}
              data-testid="rule-enabled"
            />
            <RuleMenu {...props} />
            <IconChevronRight
              size={18}
              stroke={1.5}
              className={styles.fold}
              data-open={open || undefined}
              aria-hidden="true"
            />
          </>
        )}
      </div>
      {open && !rule.deleted && (
        <RuleEditor
          line={line}
          rule={rule}
          attributes={attributes}
          names={names}
          faults={faults}
          onChange={(change) => edited.putRule(rule.uid, change)}
        />
      )}
    </li>
  );
}

function Mark({ rule, edited }: { rule: EditedRule; edited: EditedSet }) {
  const { t } = useTranslation();
  const changed = rule.id !== null && Object.keys(changeOf(edited.base, rule)).length > 0;
  const mark = rule.deleted ? "deleted" : rule.id === null ? "new" : changed ? "changed" : null;
  return (
    <>
      {mark && (
        <Badge variant="light" color={mark === "deleted" ? "red" : undefined} size="sm">
          {t(`rules:mark.${mark}`)}
        </Badge>
      )}
      {!rule.enabled && !rule.deleted && (
        <Badge variant="light" color="gray" size="sm">
          {t("rules:mark.off")}
        </Badge>
      )}
    </>
  );
}

function Summary({
  rule,
  attributes,
  names,
}: {
  rule: EditedRule;
  attributes: readonly Attribute[];
  names: Names;
}) {
  const { t } = useTranslation();
  const speech = { t, locale: currentLocale(), attributes, names };
  const condition = conditionWords(rule.condition, speech);
  const extras = [
    rule.overflow &&
      t("rules:overflow.said", {
        count: rule.overflow.minutes,
        target: targetWords(rule.overflow.target, speech),
      }),
    rule.auto_reply && t("rules:extra.reply"),
    rule.set.priority && t("rules:extra.priority", { priority: t(`rules:priority.${rule.set.priority}`) }),
    rule.set.subject !== null && t("rules:extra.subject"),
    rule.set.skills.length > 0 && t("rules:extra.skills", { count: rule.set.skills.length }),
  ].filter((each): each is string => Boolean(each));
  return (
    <>
      <span className={styles.says} data-testid="rule-says">
        {condition === "" ? t("rules:said.always") : t("rules:said.if", { condition })}
      </span>
      <span className={styles.goes} data-testid="rule-goes">
        <IconArrowRight size={14} stroke={1.5} aria-hidden="true" />
        <span>{[targetWords(rule.target, speech), ...extras].join(" · ")}</span>
      </span>
    </>
  );
}
