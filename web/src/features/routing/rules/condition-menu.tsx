// What can be done with a part of a condition besides changing it.
import { Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconBinaryTree,
  IconBinaryTree2,
  IconDots,
  IconTrash,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/ui/icon-button.tsx";
import styles from "./condition.module.css";
import { isGroup, type Node } from "./condition.ts";
import { useEditing } from "./condition-editor.tsx";

const small = { size: 16, stroke: 1.5 } as const;

export function ConditionMenu({ node }: { node: Node }) {
  const { t } = useTranslation();
  const { shift, canShift, wrap, unwrap, drop } = useEditing();
  return (
    <span className={styles.tools}>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <IconButton
            label={t("rules:condition.more")}
            size={30}
            data-more={node.uid}
            data-testid="condition-more"
          >
            <IconDots size={18} stroke={1.5} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          {([-1, 1] as const).map((step) => (
            <Menu.Item
              key={step}
              leftSection={step < 0 ? <IconArrowUp {...small} /> : <IconArrowDown {...small} />}
              rightSection={<kbd className={styles.key}>{step < 0 ? "Alt ↑" : "Alt ↓"}</kbd>}
              disabled={!canShift(node.uid, step)}
              onClick={() => shift(node.uid, step)}
              data-testid={step < 0 ? "condition-up" : "condition-down"}
            >
              {t(step < 0 ? "rules:condition.up" : "rules:condition.down")}
            </Menu.Item>
          ))}
          {isGroup(node) ? (
            <Menu.Item leftSection={<IconBinaryTree2 {...small} />} onClick={() => unwrap(node.uid)}>
              {t("rules:condition.unwrap")}
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<IconBinaryTree {...small} />}
              onClick={() => wrap(node.uid)}
              data-testid="condition-wrap"
            >
              {t("rules:condition.wrap")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <IconButton
        label={t(isGroup(node) ? "rules:condition.removeGroup" : "rules:condition.remove")}
        size={30}
        onClick={() => drop(node.uid)}
        data-testid="condition-remove"
      >
        <IconTrash size={18} stroke={1.5} />
      </IconButton>
    </span>
  );
}
