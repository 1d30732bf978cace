// The status as a pill; pressing it offers the other ones.
import { Menu } from "@mantine/core";
import {
  IconCheck,
  IconChevronDown,
  IconCircleCheck,
  IconCircleDot,
  IconClockPause,
  IconMoodOff,
  IconMoodSmile,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types.ts";
import { longTime } from "@/lib/time.ts";
import { useTime } from "@/ui/time.tsx";
import type { Commands } from "./commands.ts";
import styles from "./conversation-header.module.css";
import { SpamDialog } from "./spam-dialog.tsx";

interface Props {
  conversation: Conversation;
  commands: Commands;
  opened: boolean;
  onChange: (opened: boolean) => void;
  onSnooze: () => void;
}

const icon = { size: 18, stroke: 1.5 } as const;

export function StatusMenu({ conversation, commands, opened, onChange, onSnooze }: Props) {
  const { t } = useTranslation();
  const time = useTime();
  const { id, status, snoozed_until, can } = conversation;
  const [marking, setMarking] = useState(false);
  const label =
    status === "snoozed" && snoozed_until
      ? t("desk:status.until", { time: longTime(snoozed_until, time) })
      : t(`desk:status.${status}`);
  const tick = (which: typeof status) => (which === status ? <IconCheck size={16} stroke={1.5} /> : null);
  return (
    <>
      <Menu opened={opened} onChange={onChange} disabled={!can.close}>
        <Menu.Target>
          <button
            type="button"
            className={styles.status}
            data-status={status}
            disabled={!can.close}
            data-testid="status"
            aria-label={t("desk:status.now", { status: label })}
          >
            {label}
            {can.close && <IconChevronDown size={12} stroke={1.8} />}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconCircleDot {...icon} />}
            rightSection={tick("open")}
            onClick={() => status !== "open" && void commands.reopen(id)}
          >
            {t("desk:status.open")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconClockPause {...icon} />}
            rightSection={tick("snoozed")}
            onClick={() => setTimeout(onSnooze, 160)}
          >
            {t("desk:status.snooze")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCircleCheck {...icon} />}
            rightSection={tick("closed")}
            onClick={() => status !== "closed" && void commands.close(id)}
          >
            {t("desk:status.closed")}
          </Menu.Item>
          <Menu.Divider />
          {status === "spam" ? (
            <Menu.Item
              leftSection={<IconMoodSmile {...icon} />}
              onClick={() => void commands.notSpam(id)}
              data-testid="not-spam"
            >
              {t("desk:spam.not")}
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<IconMoodOff {...icon} />}
              onClick={() => setMarking(true)}
              data-testid="mark-spam"
            >
              {t("desk:spam.mark")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {marking && <SpamDialog conversation={conversation} onClose={() => setMarking(false)} />}
    </>
  );
}
