// The words of a message: ours to draw when they are plain, else in a sandboxed frame; remote pictures and quotes only when asked for.
import { Skeleton } from "@mantine/core";
import { IconPhotoOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types.ts";
import { Delayed, ErrorState } from "@/ui/states.tsx";
import { MailFrame } from "./mail-frame.tsx";
import styles from "./message-body.module.css";
import { sourceQuery } from "./queries.ts";
import { isSimple, PlainText, parseHtml, SimpleHtml } from "./simple-html.tsx";

export function MessageBody({ message }: { message: Message }) {
  const { t } = useTranslation();
  const [images, setImages] = useState(false);
  const [quote, setQuote] = useState(false);
  const simple = useMemo(() => {
    if (message.html.trim() === "") return null;
    const body = parseHtml(message.html);
    // Only colleagues call each other by name; a client's letter cannot.
    if (message.kind !== "note")
      for (const each of body.querySelectorAll("[data-mention]")) each.removeAttribute("data-mention");
    return isSimple(body, message.attachments) && !message.remote_images ? body : null;
  }, [message.html, message.kind, message.attachments, message.remote_images]);

  return (
    <>
      {message.remote_images && !images && (
        <p className={styles.images}>
          <IconPhotoOff size={16} stroke={1.5} />
          <span>{t("desk:message.imagesBlocked")}</span>
          <button type="button" className={styles.link} onClick={() => setImages(true)}>
            {t("desk:message.showImages")}
          </button>
        </p>
      )}
      {quote ? (
        <FullText message={message} images={images} />
      ) : simple ? (
        <div className={styles.prose}>
          <SimpleHtml body={simple} attachments={message.attachments} />
        </div>
      ) : message.html.trim() !== "" ? (
        <MailFrame messageId={message.id} title={frameTitle(message)} images={images} />
      ) : (
        <div className={styles.prose}>
          {message.text.trim() ? (
            <PlainText text={message.text} />
          ) : (
            <p className={styles.blank}>{t("desk:message.blank")}</p>
          )}
        </div>
      )}
      {message.has_quote && (
        <button
          type="button"
          className={styles.quote}
          onClick={() => setQuote(!quote)}
          aria-expanded={quote}
          data-testid="toggle-quote"
        >
          {t(quote ? "desk:message.hideQuote" : "desk:message.showQuote")}
        </button>
      )}
    </>
  );
}

const frameTitle = (message: Message) => message.subject || message.author.name;

function FullText({ message, images }: { message: Message; images: boolean }) {
  const { data, error, refetch } = useQuery(sourceQuery(message.id));
  const body = useMemo(() => (data?.html.trim() ? parseHtml(data.html) : null), [data]);
  if (error) return <ErrorState error={error} retry={() => void refetch()} compact />;
  if (!data) {
    return (
      <Delayed>
        <Skeleton height={12} mt={4} />
        <Skeleton height={12} mt={8} width="70%" />
      </Delayed>
    );
  }
  if (body && (!isSimple(body, message.attachments) || message.remote_images)) {
    return <MailFrame messageId={message.id} title={frameTitle(message)} images={images} full />;
  }
  return (
    <div className={styles.prose}>
      {body ? <SimpleHtml body={body} attachments={message.attachments} /> : <PlainText text={data.text} />}
    </div>
  );
}
