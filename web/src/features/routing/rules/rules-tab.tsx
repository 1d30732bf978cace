// The rules of a line from the top: the manager before them, each rule in its place, and what becomes of the rest.
import { Button, Switch, VisuallyHidden } from "@mantine/core";
import { IconPlus, IconRoute } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Line } from "@/api/types.ts";
import { EmptyState } from "@/ui/states.tsx";
import { FallbackCard } from "./fallback-card.tsx";
import { RuleItem } from "./rule-item.tsx";
import { copyOf, type EditedRule, moved, newRule } from "./rule-set.ts";
import styles from "./rules.module.css";
import type { Attribute } from "./types.ts";
import { useDrag } from "./use-drag.ts";
import type { Names } from "./use-names.ts";
import type { EditedSet } from "./use-rule-set.ts";

interface Props {
  line: Line;
  edited: EditedSet;
  attributes: readonly Attribute[];
  names: Names;
  opened: string | null;
  onOpen: (uid: string | null) => void;
}

export function RulesTab({ line, edited, attributes, names, opened, onOpen }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const [told, setTold] = useState("");
  const { set, putRules } = edited;
  const { rules } = set;
  const move = (from: number, to: number) => {
    const rule = rules[from];
    if (!rule || to < 0 || to >= rules.length) return;
    putRules(moved(rules, from, to));
    setTold(t("rules:list.movedTo", { name: rule.name, place: to + 1, all: rules.length }));
  };
  const { dragged, take } = useDrag(
    list,
    rules.map((rule) => rule.uid),
    move,
  );
  const add = (rule: EditedRule, at: number) => {
    putRules(rules.toSpliced(at, 0, rule));
    onOpen(rule.uid);
  };
  // A new one that was never saved simply goes.
  const drop = (rule: EditedRule) => {
    putRules(
      rule.id === null
        ? rules.filter((each) => each.uid !== rule.uid)
        : rules.map((each) => (each.uid === rule.uid ? { ...each, deleted: true } : each)),
    );
    if (opened === rule.uid) onOpen(null);
  };
  let number = 0;
  const adding = (
    <Button
      variant={rules.length === 0 ? "filled" : "default"}
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => add(newRule(""), rules.length)}
      data-testid="rule-add"
    >
      {t("rules:list.add")}
    </Button>
  );

  return (
    <div className={styles.rules}>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
      <section className={styles.edge}>
        <Switch
          label={t("rules:manager.label")}
          description={t("rules:manager.text")}
          checked={set.fallback.manager_first}
          onChange={(event) => edited.putFallback({ manager_first: event.currentTarget.checked })}
          data-testid="manager-first"
        />
      </section>
      {rules.length === 0 ? (
        <EmptyState
          compact
          icon={<IconRoute size={28} stroke={1.5} />}
          title={t("rules:list.empty")}
          text={t("rules:list.emptyText")}
          action={adding}
        />
      ) : (
        <ol ref={list} className={styles.list} aria-label={t("rules:tab.rules")}>
          {rules.map((rule, index) => {
            if (!rule.deleted) number += 1;
            return (
              <RuleItem
                key={rule.uid}
                line={line}
                edited={edited}
                rule={rule}
                number={rule.deleted ? null : number}
                first={index === 0}
                last={index === rules.length - 1}
                attributes={attributes}
                names={names}
                open={opened === rule.uid}
                dragged={dragged === rule.uid}
                onTake={(event) => {
                  onOpen(null);
                  take(rule.uid)(event);
                }}
                onOpen={(open) => onOpen(open ? rule.uid : null)}
                onMove={(step) => move(index, index + step)}
                onCopy={() => add(copyOf(rule, t("rules:list.copyName", { name: rule.name })), index + 1)}
                onDrop={() => drop(rule)}
              />
            );
          })}
        </ol>
      )}
      {rules.length > 0 && <div>{adding}</div>}
      <FallbackCard line={line} edited={edited} names={names} />
    </div>
  );
}
