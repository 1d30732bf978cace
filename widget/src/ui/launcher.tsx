// The round button, and the bubble beside it.

import type { RefObject } from "preact";
import { Avatar } from "./avatar.tsx";
import { useChat, useShell, useSurroundings } from "./context.ts";
import { IconButton } from "./icon-button.tsx";
import { Icon } from "./icons.tsx";

export function Launcher({ button }: { button: RefObject<HTMLButtonElement | null> }) {
  const { shell, t } = useSurroundings();
  const { unread } = useChat();
  const { open } = useShell();
  const label = open ? t("close") : unread > 0 ? t("open_unread", { count: unread }) : t("open");
  return (
    <IconButton
      class={open ? "launcher launcher-open" : "launcher"}
      ref={button}
      label={label}
      aria-expanded={open}
      onClick={() => (open ? shell.close() : shell.open())}
    >
      {open ? <Icon name="down" size={26} /> : <Icon name="chat" size={28} />}
      {!open && unread > 0 && (
        <span class="badge" aria-hidden="true">
          {unread > 99 ? "99+" : unread}
        </span>
      )}
    </IconButton>
  );
}

export function TeaserBubble() {
  const { shell, t } = useSurroundings();
  const { teaser, open } = useShell();
  if (!teaser || open) return null;
  return (
    <div class="teaser" role="status">
      <button type="button" class="teaser-text" onClick={() => shell.open()}>
        {teaser.author && <Avatar name={teaser.author.name} color={teaser.author.avatar_color} />}
        <span>
          {teaser.author && <b>{teaser.author.name}</b>}
          <span class="clamp" dir="auto">
            {teaser.text}
          </span>
        </span>
      </button>
      <IconButton class="icon-button teaser-close" label={t("dismiss")} onClick={() => shell.dismiss()}>
        <Icon name="close" size={16} />
      </IconButton>
    </div>
  );
}
