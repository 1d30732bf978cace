// "Send", and beside it: send and close, send and put off.
import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconCircleCheck, IconClockPause } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation, NewMessage } from "@/api/types.ts";
import { Keys } from "@/ui/keys.tsx";
import styles from "./composer.module.css";
import type { DraftKind } from "./drafts.ts";
import { PickDate, UntilItems } from "./snooze-menu.tsx";

interface Props {
  conversation: Conversation;
  kind: DraftKind;
  disabled: boolean;
  onSend: (more?: Pick<NewMessage, "close" | "snooze_until">) => void;
}

export function SendButton({ conversation, kind, disabled, onSend }: Props) {
  const { t } = useTranslation();
  const [picking, setPicking] = useState(false);
  const [page, setPage] = useState<"main" | "until">("main");
  const until = (moment: Date) => onSend({ snooze_until: moment.toISOString() });
  const split = conversation.can.close;
  return (
    <div className={styles.send}>
      <Button
        size="xs"
        h={32}
        className={split ? styles.sendMain : undefined}
        disabled={disabled}
        onClick={() => onSend()}
        data-testid="send-button"
        title="Ctrl+Enter"
      >
        {t(kind === "note" ? "desk:send.note" : "desk:send.answer")}
      </Button>
      {split && (
        <Menu position="top-end" width={300} onClose={() => setPage("main")}>
          <Menu.Target>
            <Button
              size="xs"
              h={32}
              px={8}
              className={styles.sendMore}
              disabled={disabled}
              aria-label={t("desk:send.more")}
              data-testid="send-more"
            >
              <IconChevronDown size={16} stroke={1.6} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {page === "main" ? (
              <>
                <Menu.Item
                  leftSection={<IconCircleCheck size={18} stroke={1.5} />}
                  rightSection={<Keys keys="mod+shift+enter" />}
                  onClick={() => onSend({ close: true })}
                  data-testid="send-and-close"
                >
                  {t("desk:send.close")}
                </Menu.Item>
                <Menu.Item
                  leftSection={<IconClockPause size={18} stroke={1.5} />}
                  closeMenuOnClick={false}
                  onClick={() => setPage("until")}
                >
                  {t("desk:send.snooze")}
                </Menu.Item>
              </>
            ) : (
              <>
                <Menu.Label>{t("desk:send.snooze")}</Menu.Label>
                <UntilItems onChoose={until} onPick={() => setPicking(true)} />
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {picking && (
        <PickDate title={t("desk:send.snooze")} onChoose={until} onClose={() => setPicking(false)} />
      )}
    </div>
  );
}
