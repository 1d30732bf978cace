// Changing one's own words in place. Ctrl+Enter saves, Escape gives up.
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch } from "@/api/http.ts";
import type { Conversation, Message } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { applyMessage } from "./cache.ts";
import { useColleagues } from "./colleagues.ts";
import { isBlank } from "./drafts.ts";
import RichEditor from "./editor.tsx";
import styles from "./message-item.module.css";
import { asHtml } from "./routes.ts";

interface Props {
  message: Message;
  conversation: Conversation;
  onClose: () => void;
}

export default function MessageEdit({ message, conversation, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const colleagues = useColleagues(conversation.id);
  const [html, setHtml] = useState(message.html || asHtml(message.text));
  const [busy, setBusy] = useState(false);
  const blank = isBlank({ html, attachments: message.attachments });
  const save = async () => {
    if (blank || busy) return;
    setBusy(true);
    try {
      applyMessage(client, conversation.id, await patch<Message>(`/messages/${message.id}`, { html }));
      onClose();
    } catch (error) {
      notifyError(error, t("desk:message.editFailed"));
      setBusy(false);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leaves the field, as everywhere; the button does the same
    <div
      className={styles.editing}
      data-testid="message-edit"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <RichEditor
        html={html}
        placeholder=""
        label={t("desk:message.edit")}
        autoFocus
        bare
        colleagues={message.kind === "note" ? colleagues : undefined}
        onChange={setHtml}
        onFiles={() => undefined}
        onSubmit={() => void save()}
        onSubmitAndClose={() => void save()}
      />
      <div className={styles.editTools}>
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button
          size="compact-sm"
          loading={busy}
          disabled={blank}
          onClick={() => void save()}
          data-testid="edit-save"
        >
          {t("common:save")}
        </Button>
      </div>
    </div>
  );
}
