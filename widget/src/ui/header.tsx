// The top of the open chat: whose it is, whether somebody is there, and how to leave.

import { isOver } from "../chat.ts";
import { isBegun, type Screen } from "../shell.ts";
import { useChat, useSurroundings } from "./context.ts";
import { IconButton } from "./icon-button.tsx";
import { Icon } from "./icons.tsx";
import { Menu } from "./menu.tsx";

interface Props {
  screen: Screen;
  onFinish: () => void;
}

export function Header({ screen, onFinish }: Props) {
  const { chat, shell, t, host } = useSurroundings();
  const { config, conversation, sound } = useChat();
  const items = [];
  if (config.sound) {
    items.push({ label: t(sound ? "sound_off" : "sound_on"), run: () => chat.turnSound(!sound) });
  }
  if (screen === "chat" && conversation && !isOver(conversation)) {
    items.push({ label: t("finish"), run: onFinish });
  }
  const goesHome = config.chooser.length > 0 && screen !== "home";
  const goesToChat = screen === "mail" && !goesHome && isBegun(chat);
  return (
    <header class="header">
      {(goesHome || goesToChat) && (
        <IconButton label={t("back")} onClick={() => shell.set({ place: goesHome ? "home" : "chat" })}>
          <Icon name="back" />
        </IconButton>
      )}
      {config.logo_url && <img class="logo" src={new URL(config.logo_url, host).href} alt="" />}
      <div class="header-text">
        <h2 id="title">{config.title}</h2>
        <p>
          <span class={config.online ? "dot dot-on" : "dot"} aria-hidden="true" />
          <span class="cut">
            {config.online ? t("online") : config.opens_text || config.working_hours_text || t("away")}
          </span>
        </p>
      </div>
      {items.length > 0 && (
        <Menu label={t("menu")} icon={<Icon name="menu" />} class="menu-down" items={items} />
      )}
      <IconButton label={t("close")} onClick={() => shell.close()}>
        <Icon name="close" />
      </IconButton>
    </header>
  );
}
