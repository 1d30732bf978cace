// A group of a condition: how its parts are joined, the parts, and buttons to add more.
import { Button, NativeSelect } from "@mantine/core";
import { IconBinaryTree, IconPlus } from "@tabler/icons-react";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import styles from "./condition.module.css";
import { deepest, type GroupNode, isGroup, type Join, joins, type Node } from "./condition.ts";
import { useEditing } from "./condition-editor.tsx";
import { ConditionMenu } from "./condition-menu.tsx";
import { ConditionTest } from "./condition-test.tsx";

export function ConditionGroup({ group, depth }: { group: GroupNode; depth: number }) {
  const { t } = useTranslation();
  const { put, addTest, addGroup, faults } = useEditing();
  const fault = faults[group.uid];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn as a branch of a tree
    <div
      role="group"
      aria-label={t(`rules:join.${group.join}`)}
      className={styles.group}
      data-join={group.join}
      data-wrong={fault !== undefined || undefined}
      data-testid="condition-group"
    >
      <div className={styles.groupHead}>
        <NativeSelect
          size="xs"
          className={styles.join}
          aria-label={t("rules:condition.join")}
          data={joins.map((join) => ({ value: join, label: t(`rules:join.${join}`) }))}
          value={group.join}
          onChange={(event) => put({ ...group, join: event.currentTarget.value as Join })}
          data-testid="condition-join"
        />
        {depth > 0 && <ConditionMenu node={group} />}
      </div>
      {group.inner.length === 0 ? (
        <p className={styles.empty}>
          {t(depth === 0 ? "rules:condition.always" : "rules:condition.nothing")}
        </p>
      ) : (
        <ul className={styles.inner}>
          {group.inner.map((node, index) => (
            <Part key={node.uid} node={node} depth={depth + 1} joint={index === 0 ? null : group.join} />
          ))}
        </ul>
      )}
      {fault && (
        <p className={styles.error} role="alert">
          {fault}
        </p>
      )}
      <div className={styles.adds}>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={16} stroke={1.5} />}
          onClick={() => addTest(group.uid)}
          data-add={group.uid}
          data-testid="condition-add"
        >
          {t("rules:condition.add")}
        </Button>
        {depth + 1 < deepest && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconBinaryTree size={16} stroke={1.5} />}
            onClick={() => addGroup(group.uid)}
            data-testid="condition-add-group"
          >
            {t("rules:condition.addGroup")}
          </Button>
        )}
      </div>
    </div>
  );
}

/** A part with the word that joins it to the one above; Alt with an arrow moves it. */
function Part({ node, depth, joint }: { node: Node; depth: number; joint: Join | null }) {
  const { t } = useTranslation();
  const { shift, canShift } = useEditing();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.altKey ? { ArrowUp: -1 as const, ArrowDown: 1 as const }[event.key] : undefined;
    // The innermost part is meant, and none of its fields.
    if (!step || (event.target as Element).closest("li") !== event.currentTarget) return;
    event.preventDefault();
    event.stopPropagation();
    if (canShift(node.uid, step)) shift(node.uid, step);
  };
  return (
    <li className={styles.part} onKeyDownCapture={onKeyDown}>
      {joint && (
        <span className={styles.joint} aria-hidden="true">
          {t(`rules:joint.${joint}`)}
        </span>
      )}
      {isGroup(node) ? <ConditionGroup group={node} depth={depth} /> : <ConditionTest test={node} />}
    </li>
  );
}
