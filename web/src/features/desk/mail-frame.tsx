// A client's HTML as the client made it, in a frame without scripts. The server cleans it and sends its own strict policy.
// The frame may not run anything, so "allow-same-origin" only lets us read its height.
import { useEffect, useRef, useState } from "react";
import { apiBase } from "@/api/http.ts";
import styles from "./message-body.module.css";

interface Props {
  messageId: string;
  title: string;
  images: boolean;
  full?: boolean;
}

const unknownHeight = 320;

export function MailFrame({ messageId, title, images, full = false }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState<number | null>(null);
  const stop = useRef<(() => void) | undefined>(undefined);
  useEffect(() => () => stop.current?.(), []);

  const measure = () => {
    stop.current?.();
    const page = frame.current?.contentDocument;
    if (!page?.documentElement) {
      setHeight(unknownHeight);
      return;
    }
    const read = () =>
      setHeight(Math.max(24, Math.ceil(page.documentElement.getBoundingClientRect().height)));
    read();
    const observer = new ResizeObserver(read);
    observer.observe(page.documentElement);
    stop.current = () => observer.disconnect();
  };

  return (
    <iframe
      ref={frame}
      className={styles.frame}
      style={{ height: height ?? 96, opacity: height === null ? 0 : 1 }}
      title={title}
      src={`${apiBase}/messages/${messageId}/frame?images=${images ? "allowed" : "blocked"}&full=${full ? 1 : 0}`}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      loading="lazy"
      onLoad={measure}
    />
  );
}
