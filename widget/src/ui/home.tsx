// Where the visitor chooses how to write: here, by mail or in a messenger.

import { isBegun } from "../shell.ts";
import type { ChooserItem } from "../types.ts";
import { useChat, useSurroundings } from "./context.ts";
import { channelIcon, Icon } from "./icons.tsx";

export function Home() {
  const { chat, shell, t } = useSurroundings();
  const { config, messages } = useChat();
  const begun = isBegun(chat);
  const last = messages[messages.length - 1];

  const entry = (item: ChooserItem) => {
    if (item.url) {
      return (
        <a href={item.url} target="_blank" rel="noopener noreferrer">
          <Icon name={channelIcon(item.kind)} size={22} />
          <span class="entry-text">
            <b>{item.title}</b>
            <span class="hidden">, {t("opens_new")}</span>
          </span>
          <Icon name="next" size={18} />
        </a>
      );
    }
    const mail = item.kind === "mail" || item.kind === "email" || item.kind === "form";
    const title = item.title || t(mail ? "mail_title" : "chat_title");
    const hint = mail ? t("mail_hint") : begun && last ? last.text : t("chat_hint");
    return (
      <button type="button" onClick={() => shell.set({ place: mail ? "mail" : "chat" })}>
        <Icon name={channelIcon(item.kind)} size={22} />
        <span class="entry-text">
          <b>{!mail && begun ? t("continue_title") : title}</b>
          <span class="cut">{hint}</span>
        </span>
        <Icon name="next" size={18} />
      </button>
    );
  };

  return (
    <div class="body home">
      <p class="greeting" dir="auto">
        {config.online ? config.greeting : config.offline.text || config.greeting}
      </p>
      <ul class="entries">
        {config.chooser.map((item) => (
          <li key={item.kind + item.title}>{entry(item)}</li>
        ))}
      </ul>
    </div>
  );
}
