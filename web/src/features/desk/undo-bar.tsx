// After sending: five seconds to take the message back.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { UndoneMessage } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { refreshConversation, refreshCounters, removeMessage } from "./cache.ts";
import { type Undoable, useOutbox } from "./outbox-provider.tsx";
import styles from "./undo-bar.module.css";

export function UndoBar({ shownIn }: { shownIn: string }) {
  const { undoable } = useOutbox();
  return (
    <div role="status" aria-live="polite">
      {undoable && <Bar key={undoable.message.id} undoable={undoable} shownIn={shownIn} />}
    </div>
  );
}

function Bar({ undoable, shownIn }: { undoable: Undoable; shownIn: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { clearUndoable, writeAgain } = useOutbox();
  const [left, setLeft] = useState(() => undoable.until - Date.now());
  const [busy, setBusy] = useState(false);
  const total = 5_000;

  useEffect(() => {
    const timer = setInterval(() => {
      const remaining = undoable.until - Date.now();
      setLeft(remaining);
      if (remaining <= 0) {
        clearInterval(timer);
        clearUndoable();
      }
    }, 200);
    return () => clearInterval(timer);
  }, [undoable, clearUndoable]);

  const undo = async () => {
    setBusy(true);
    const { conversationId, message, kind } = undoable;
    try {
      const back = await post<UndoneMessage>(`/messages/${message.id}/undo`);
      removeMessage(client, conversationId, message.id);
      writeAgain(conversationId, kind, back.html, back.attachments);
      if (conversationId !== shownIn) {
        await navigate({ to: "/c/$view/$conversationId", params: { view: "open", conversationId } });
      }
    } catch (error) {
      notifyError(error, t("desk:undo.tooLate"));
    } finally {
      clearUndoable();
      void refreshConversation(client, conversationId);
      void refreshCounters(client);
    }
  };

  const seconds = Math.max(1, Math.ceil(left / 1_000));
  return (
    <div className={styles.bar} data-testid="undo-bar">
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" className={styles.ring}>
        <circle cx="9" cy="9" r="7" />
        <circle
          cx="9"
          cy="9"
          r="7"
          pathLength={1}
          strokeDasharray={1}
          strokeDashoffset={1 - Math.max(0, left) / total}
        />
      </svg>
      <span className={styles.text}>{t("desk:undo.text", { count: seconds })}</span>
      <button type="button" disabled={busy} onClick={() => void undo()} data-testid="undo-button">
        {t("desk:undo.action")}
      </button>
    </div>
  );
}
