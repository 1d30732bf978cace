// Offered while an answer is awaited: an address for it, in case the visitor leaves before it comes.

import { useState } from "preact/hooks";
import { isOver } from "../chat.ts";
import { useChat, useSurroundings } from "./context.ts";
import { IconButton } from "./icon-button.tsx";
import { Icon } from "./icons.tsx";

export function LeaveEmail() {
  const { chat, shell, t } = useSurroundings();
  const { messages, outbox, email, conversation } = useChat();
  const [address, setAddress] = useState("");
  const [saved, setSaved] = useState("");
  const [dismissed, setDismissed] = useState(() => chat.visit.get<boolean>("no-email") ?? false);

  if (saved) {
    return (
      <p class="system" role="status">
        {t("leave_email_saved", { email: saved })}
      </p>
    );
  }
  const waits = messages[messages.length - 1]?.from === "visitor" && outbox.length === 0;
  if (!waits || email || dismissed || isOver(conversation)) return null;

  const submit = async () => {
    if (!address.trim()) return;
    try {
      await chat.leaveEmail(address.trim());
      setSaved(address.trim());
      shell.set({ notice: "" });
    } catch {
      shell.set({ notice: t("email_wrong") });
    }
  };
  const dismiss = () => {
    chat.visit.set("no-email", true);
    setDismissed(true);
  };
  return (
    <form
      class="card leave-email"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p>{t("leave_email")}</p>
      <IconButton label={t("dismiss")} onClick={dismiss}>
        <Icon name="close" size={16} />
      </IconButton>
      <div class="one-line">
        <input
          type="email"
          autoComplete="email"
          value={address}
          maxLength={300}
          aria-label={t("field_email")}
          placeholder={t("field_email")}
          onInput={(event) => setAddress(event.currentTarget.value)}
        />
        <IconButton type="submit" class="send-button" label={t("save")} aria-disabled={!address.trim()}>
          <Icon name="check" />
        </IconButton>
      </div>
    </form>
  );
}
