// Putting a conversation off: a few sensible moments, or any date and time.
import { Menu } from "@mantine/core";
import { IconCalendarTime, IconClockPause } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types.ts";
import { clock, shortTime } from "@/lib/time.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { useTime } from "@/ui/time.tsx";
import type { Commands } from "./commands.ts";
import { snoozePresets } from "./snooze.ts";

const DateDialog = lazy(() => import("./date-dialog.tsx"));

interface Props {
  conversation: Conversation;
  commands: Commands;
  opened: boolean;
  onChange: (opened: boolean) => void;
}

export function SnoozeMenu({ conversation, commands, opened, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <UntilMenu
      title={t("desk:snooze.title")}
      opened={opened}
      onChange={onChange}
      onChoose={(until) => void commands.snooze(conversation.id, until)}
    >
      <IconButton label={t("common:keys.z")} keys="z" data-testid="snooze-button">
        <IconClockPause size={18} stroke={1.5} />
      </IconButton>
    </UntilMenu>
  );
}

interface UntilProps {
  title: string;
  opened: boolean;
  onChange: (opened: boolean) => void;
  onChoose: (until: Date) => void;
  children: ReactNode;
}

/** A menu of moments around any button. */
export function UntilMenu({ title, opened, onChange, onChoose, children }: UntilProps) {
  const [picking, setPicking] = useState(false);
  return (
    <>
      <Menu opened={opened} onChange={onChange} position="bottom-end" width={260}>
        <Menu.Target>{children}</Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{title}</Menu.Label>
          <UntilItems onChoose={onChoose} onPick={() => setPicking(true)} />
        </Menu.Dropdown>
      </Menu>
      {picking && <PickDate title={title} onChoose={onChoose} onClose={() => setPicking(false)} />}
    </>
  );
}

export function UntilItems({ onChoose, onPick }: { onChoose: (until: Date) => void; onPick: () => void }) {
  const { t } = useTranslation();
  const time = useTime();
  return (
    <>
      {snoozePresets(time).map((preset) => (
        <Menu.Item
          key={preset.key}
          onClick={() => onChoose(preset.at)}
          rightSection={
            <span style={{ color: "var(--text-3)", fontSize: 12 }}>
              {momentOf(preset.at, preset.key, time)}
            </span>
          }
        >
          {t(`desk:snooze.${preset.key}`)}
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item leftSection={<IconCalendarTime size={18} stroke={1.5} />} onClick={onPick}>
        {t("desk:snooze.pick")}
      </Menu.Item>
    </>
  );
}

export function PickDate({
  title,
  onChoose,
  onClose,
}: {
  title: string;
  onChoose: (until: Date) => void;
  onClose: () => void;
}) {
  return (
    <Suspense>
      <DateDialog title={title} onChoose={onChoose} onClose={onClose} />
    </Suspense>
  );
}

function momentOf(at: Date, key: string, time: ReturnType<typeof useTime>): string {
  const hours = clock(at, time);
  return key === "monday" || key === "week" ? `${shortTime(at, time)}, ${hours}` : hours;
}
