// A message that has not arrived yet, or that the server would not take.

import type { Pending } from "../outbox.ts";
import { Attachments } from "./attachments.tsx";
import { useSurroundings } from "./context.ts";
import { Icon } from "./icons.tsx";

export function PendingItem({ pending, waiting }: { pending: Pending; waiting: boolean }) {
  const { chat, t } = useSurroundings();
  const { client_id, text, files, refused } = pending;
  return (
    <li class={`message own pending ${refused ? "refused" : ""}`}>
      <div class="line">
        <div class="stack">
          {text && (
            <div class="bubble" dir="auto">
              <div class="plain">{text}</div>
            </div>
          )}
          <Attachments files={files} />
        </div>
      </div>
      {refused ? (
        <p class="meta wrong" role="alert">
          <span>{refused}</span>
          <button type="button" class="text-button" onClick={() => chat.retry(client_id)}>
            {t("retry")}
          </button>
          <button type="button" class="text-button" onClick={() => chat.drop(client_id)}>
            {t("drop_message")}
          </button>
        </p>
      ) : (
        <p class={waiting ? "meta" : "meta late"}>
          <Icon name="clock" size={13} />
          <span>{t("state_waiting")}</span>
        </p>
      )}
    </li>
  );
}
