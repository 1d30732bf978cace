// The client's mark with his words, and what colleagues say to it.
import { Button, Textarea } from "@mantine/core";
import { IconStar, IconStarFilled } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import type { Conversation, Rating } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { Moment } from "@/ui/time.tsx";
import { refreshConversation } from "./cache.ts";
import styles from "./panel.module.css";
import { PanelBlock } from "./panel-block.tsx";

export function RatingBlock({ conversation, rating }: { conversation: Conversation; rating: Rating }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      await put(`/conversations/${conversation.id}/rating/comment`, { comment: text ?? "" });
      await refreshConversation(client, conversation.id);
      setText(null);
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <PanelBlock id="rating" title={t("desk:rating.title")}>
      <div className={styles.rating} data-testid="rating">
        <p className={styles.stars}>
          <span role="img" aria-label={t("desk:rating.stars", { count: rating.stars })}>
            {[1, 2, 3, 4, 5].map((star) =>
              star <= rating.stars ? (
                <IconStarFilled key={star} size={18} className={styles.starFull} />
              ) : (
                <IconStar key={star} size={18} stroke={1.5} className={styles.starEmpty} />
              ),
            )}
          </span>
          <Moment at={rating.rated_at} long className={styles.muted} />
        </p>
        {rating.comment && <p className={styles.rated}>{rating.comment}</p>}
        {text === null ? (
          <>
            {rating.staff_comment && <p className={styles.note}>{rating.staff_comment}</p>}
            {conversation.can.note && (
              <button
                type="button"
                className={styles.action}
                onClick={() => setText(rating.staff_comment)}
                data-testid="rating-comment"
              >
                {t(rating.staff_comment ? "desk:rating.change" : "desk:rating.add")}
              </button>
            )}
          </>
        ) : (
          <>
            <Textarea
              aria-label={t("desk:rating.add")}
              placeholder={t("desk:rating.placeholder")}
              autosize
              minRows={2}
              maxLength={2000}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autoFocus
            />
            <div className={styles.ratingTools}>
              <Button size="compact-sm" variant="default" onClick={() => setText(null)}>
                {t("common:cancel")}
              </Button>
              <Button size="compact-sm" loading={busy} onClick={() => void save()}>
                {t("common:save")}
              </Button>
            </div>
          </>
        )}
      </div>
    </PanelBlock>
  );
}
