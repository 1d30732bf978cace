// The priority; quiet while there is none.
import { Menu } from "@mantine/core";
import { IconCheck, IconFlag3 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Conversation, Priority } from "@/api/types.ts";
import type { Commands } from "./commands.ts";
import styles from "./conversation-header.module.css";

export const priorities: Priority[] = ["none", "low", "medium", "high"];

export function PriorityMenu({ conversation, commands }: { conversation: Conversation; commands: Commands }) {
  const { t } = useTranslation();
  const { id, priority, can } = conversation;
  if (!can.close && priority === "none") return null;
  const label = t(`desk:priority.${priority}`);
  return (
    <Menu disabled={!can.close}>
      <Menu.Target>
        <button
          type="button"
          className={styles.priority}
          data-priority={priority}
          aria-label={t("desk:priority.now", { priority: label })}
        >
          <IconFlag3 size={14} stroke={1.6} />
          {priority !== "none" && <span className={styles.priorityName}>{label}</span>}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("desk:priority.title")}</Menu.Label>
        {priorities.map((each) => (
          <Menu.Item
            key={each}
            rightSection={each === priority ? <IconCheck size={16} stroke={1.5} /> : null}
            onClick={() => each !== priority && void commands.prioritise(id, each)}
          >
            {t(`desk:priority.${each}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
