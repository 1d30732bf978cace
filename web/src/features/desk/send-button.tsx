// "Send", and beside it: send and close, send and put off.
import { Button, Menu } from "@mantine/core";
import { IconCheck, IconChevronDown, IconCircleCheck, IconClockPause } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelKindName, Conversation, NewMessage } from "@/api/types.ts";
import { Keys } from "@/ui/keys.tsx";
import styles from "./composer.module.css";
import type { DraftKind } from "./drafts.ts";
import { changeSendSettings, type SendSettings, useSendSettings } from "./send-settings.ts";
import { PickDate, UntilItems } from "./snooze-menu.tsx";

interface Props {
  conversation: Conversation;
  kind: DraftKind;
  /** By which channel the answer goes; null for notes. */
  channel: ChannelKindName | null;
  disabled: boolean;
  onSend: (more?: Pick<NewMessage, "close" | "snooze_until">) => void;
}

export function SendButton({ conversation, kind, channel, disabled, onSend }: Props) {
  const { t } = useTranslation();
  const [picking, setPicking] = useState(false);
  const [page, setPage] = useState<"main" | "until">("main");
  const until = (moment: Date) => onSend({ snooze_until: moment.toISOString() });
  const settings = useSendSettings();
  const byEnter = channel !== null && channel !== "email" && settings.enterSends;
  const split = conversation.can.close || channel !== null;
  return (
    <div className={styles.send}>
      <Button
        size="xs"
        h={32}
        className={split ? styles.sendMain : undefined}
        disabled={disabled}
        onClick={() => onSend()}
        data-testid="send-button"
        title={byEnter ? "Enter" : "Ctrl+Enter"}
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
              aria-label={t("desk:send.more")}
              data-testid="send-more"
            >
              <IconChevronDown size={16} stroke={1.6} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {page === "main" ? (
              <>
                {conversation.can.close && (
                  <>
                    <Menu.Item
                      disabled={disabled}
                      leftSection={<IconCircleCheck size={18} stroke={1.5} />}
                      rightSection={<Keys keys="mod+shift+enter" />}
                      onClick={() => onSend({ close: true })}
                      data-testid="send-and-close"
                    >
                      {t("desk:send.close")}
                    </Menu.Item>
                    <Menu.Item
                      disabled={disabled}
                      leftSection={<IconClockPause size={18} stroke={1.5} />}
                      closeMenuOnClick={false}
                      onClick={() => setPage("until")}
                    >
                      {t("desk:send.snooze")}
                    </Menu.Item>
                  </>
                )}
                {channel && <OwnSettings channel={channel} settings={settings} />}
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

/** How this person sends: by which key in chats, and whether to ask first. */
function OwnSettings({ channel, settings }: { channel: ChannelKindName; settings: SendSettings }) {
  const { t } = useTranslation();
  const asks = settings.confirm.includes(channel);
  const tick = (on: boolean) => (on ? <IconCheck size={16} stroke={1.5} /> : null);
  return (
    <>
      <Menu.Label>{t("desk:send.own")}</Menu.Label>
      {channel !== "email" && (
        <Menu.Item
          role="menuitemcheckbox"
          aria-checked={settings.enterSends}
          closeMenuOnClick={false}
          rightSection={tick(settings.enterSends)}
          onClick={() => changeSendSettings({ enterSends: !settings.enterSends })}
          data-testid="send-by-enter"
        >
          {t("desk:send.byEnter")}
        </Menu.Item>
      )}
      <Menu.Item
        role="menuitemcheckbox"
        aria-checked={asks}
        closeMenuOnClick={false}
        rightSection={tick(asks)}
        onClick={() =>
          changeSendSettings({
            confirm: asks
              ? settings.confirm.filter((each) => each !== channel)
              : [...settings.confirm, channel],
          })
        }
        data-testid="send-asks"
      >
        {t("desk:send.asks", { channel: t(`channels:kind.${channel}`) })}
      </Menu.Item>
    </>
  );
}
