// The condition of a rule as a tree: groups within groups, each part moved, wrapped and removed by mouse or keyboard.
import { VisuallyHidden } from "@mantine/core";
import { createContext, useContext, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import styles from "./condition.module.css";
import {
  canShift,
  type GroupNode,
  inserted,
  type Node,
  newGroup,
  newTest,
  removed,
  replaced,
  shifted,
  unwrapped,
  walk,
  wrapped,
} from "./condition.ts";
import { ConditionGroup } from "./condition-group.tsx";
import type { Faults } from "./rule-set.ts";
import type { Attribute } from "./types.ts";
import type { Names } from "./use-names.ts";

export interface Editing {
  root: GroupNode;
  line: Id;
  attributes: readonly Attribute[];
  names: Names;
  faults: Faults;
  /** The part that was added last: its first field takes the focus. */
  fresh: string | null;
  put: (node: Node) => void;
  addTest: (group: string) => void;
  addGroup: (group: string) => void;
  drop: (uid: string) => void;
  shift: (uid: string, step: -1 | 1) => void;
  wrap: (uid: string) => void;
  unwrap: (uid: string) => void;
  canShift: (uid: string, step: -1 | 1) => boolean;
}

const Context = createContext<Editing | null>(null);

/** The tree a part belongs to. */
export function useEditing(): Editing {
  const editing = useContext(Context);
  if (!editing) throw new Error("a part of a condition outside its editor");
  return editing;
}

interface Props {
  condition: GroupNode;
  line: Id;
  attributes: readonly Attribute[];
  names: Names;
  faults: Faults;
  onChange: (condition: GroupNode) => void;
}

export function ConditionEditor({ condition, line, attributes, names, faults, onChange }: Props) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const [fresh, setFresh] = useState<string | null>(null);
  const [told, setTold] = useState("");
  const focus = (selector: string) =>
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(selector)?.focus());
  const add = (group: string, node: Node) => {
    setFresh(node.uid);
    onChange(inserted(condition, group, node));
  };
  const parentOf = (uid: string) => [...walk(condition)].find(({ node }) => node.uid === uid)?.parent?.uid;

  const editing: Editing = {
    root: condition,
    line,
    attributes,
    names,
    faults,
    fresh,
    put: (node) => onChange(replaced(condition, node.uid, node)),
    addTest: (group) => add(group, newTest("", "", null)),
    addGroup: (group) => {
      const test = newTest("", "", null);
      setFresh(test.uid);
      onChange(inserted(condition, group, newGroup("any", [test])));
    },
    drop: (uid) => {
      const parent = parentOf(uid);
      onChange(removed(condition, uid));
      setTold(t("rules:condition.removed"));
      focus(`[data-add="${parent}"]`);
    },
    shift: (uid, step) => {
      onChange(shifted(condition, uid, step));
      setTold(t(step < 0 ? "rules:condition.movedUp" : "rules:condition.movedDown"));
      focus(`[data-more="${uid}"]`);
    },
    wrap: (uid) => {
      onChange(wrapped(condition, uid));
      focus(`[data-more="${uid}"]`);
    },
    unwrap: (uid) => {
      const parent = parentOf(uid);
      onChange(unwrapped(condition, uid));
      focus(`[data-add="${parent}"]`);
    },
    canShift: (uid, step) => canShift(condition, uid, step),
  };
  return (
    <div ref={frame} className={styles.editor} data-testid="condition">
      <VisuallyHidden role="status">{told}</VisuallyHidden>
      <Context value={editing}>
        <ConditionGroup group={condition} depth={0} />
      </Context>
    </div>
  );
}
