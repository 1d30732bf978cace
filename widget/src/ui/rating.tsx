// The question at the end of a conversation.

import { useId, useState } from "preact/hooks";
import { useChat, useSurroundings } from "./context.ts";
import { Icon } from "./icons.tsx";

export function Rating() {
  const { chat, shell, t } = useSurroundings();
  const { rating, conversation } = useChat();
  const name = useId();
  const [stars, setStars] = useState(0);
  const [comment, setComment] = useState("");
  const [sending, setSending] = useState(false);

  if (rating === "none") return null;
  if (rating === "done") {
    return (
      <p class="system" role="status">
        {t("rated")}
      </p>
    );
  }
  const submit = async () => {
    setSending(true);
    try {
      await chat.rate(stars, comment.trim());
      shell.set({ notice: "" });
    } catch {
      shell.set({ notice: t("failed") });
      setSending(false);
    }
  };
  return (
    <form
      class="card rating"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <fieldset>
        <legend>{t("rate")}</legend>
        <div class="stars">
          {[1, 2, 3, 4, 5].map((count) => (
            <label class={count <= stars ? "star star-on" : "star"} key={count} title={t("star", { count })}>
              <input
                type="radio"
                class="hidden"
                name={name}
                checked={stars === count}
                disabled={conversation?.marks?.includes(count) === false}
                aria-label={t("star", { count })}
                onChange={() => setStars(count)}
              />
              <Icon name="star" size={32} />
            </label>
          ))}
        </div>
      </fieldset>
      {stars > 0 && (
        <>
          <textarea
            rows={3}
            dir="auto"
            maxLength={2000}
            value={comment}
            aria-label={t("rate_comment")}
            placeholder={t("rate_comment")}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          <button type="submit" class="main-button" disabled={sending}>
            {t("rate_send")}
          </button>
        </>
      )}
      {stars === 0 && (
        <button type="button" class="text-button" onClick={() => chat.finishRating("none")}>
          {t("rate_later")}
        </button>
      )}
    </form>
  );
}
