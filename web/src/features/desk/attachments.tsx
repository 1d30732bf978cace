// Files of a message: pictures as previews that open large, everything else as cards that download.
import {
  IconFile,
  IconFileSpreadsheet,
  IconFileText,
  IconFileTypePdf,
  IconFileZip,
  IconMailForward,
  IconMusic,
  IconVideo,
} from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "@/api/types.ts";
import { currentLocale } from "@/i18n/index.ts";
import { fileSize } from "@/lib/text.ts";
import styles from "./attachments.module.css";

const Lightbox = lazy(() => import("./lightbox.tsx"));
/** The rest of an album is one click away. */
const inGrid = 6;
const viewable = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);

export function isPicture(attachment: Attachment): boolean {
  return viewable.has(attachment.content_type.toLowerCase());
}

export function FileIcon({ type, name }: { type: string; name: string }) {
  const icon = { size: 20, stroke: 1.5 } as const;
  const end = name.toLowerCase().split(".").pop() ?? "";
  if (type === "application/pdf") return <IconFileTypePdf {...icon} />;
  if (type.startsWith("audio/")) return <IconMusic {...icon} />;
  if (type.startsWith("video/")) return <IconVideo {...icon} />;
  if (type === "message/rfc822" || end === "eml") return <IconMailForward {...icon} />;
  if (/zip|rar|7z|tar|gz/.test(end)) return <IconFileZip {...icon} />;
  if (/xls|xlsx|csv|ods/.test(end)) return <IconFileSpreadsheet {...icon} />;
  if (type.startsWith("text/") || /doc|docx|odt|rtf/.test(end)) return <IconFileText {...icon} />;
  return <IconFile {...icon} />;
}

export function Attachments({ items }: { items: readonly Attachment[] }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<number | null>(null);
  const pictures = items.filter(isPicture);
  const files = items.filter((item) => !isPicture(item));
  if (items.length === 0) return null;
  return (
    <div className={styles.attachments} data-testid="attachments">
      {pictures.length > 0 && (
        <div
          className={styles.pictures}
          data-count={Math.min(pictures.length, inGrid)}
          data-testid="pictures"
        >
          {pictures.slice(0, inGrid).map((picture, index) => (
            <button
              key={picture.id}
              type="button"
              className={styles.picture}
              onClick={() => setShown(index)}
              aria-label={t("desk:file.open", { name: picture.name })}
            >
              <img src={picture.preview_url ?? `${picture.url}?inline=1`} alt={picture.name} loading="lazy" />
              {index === inGrid - 1 && pictures.length > inGrid && (
                <span className={styles.more}>+{pictures.length - inGrid}</span>
              )}
            </button>
          ))}
        </div>
      )}
      {files.map((file) => (
        <a
          key={file.id}
          className={styles.file}
          href={file.url}
          download={file.name}
          data-testid="attachment"
        >
          <FileIcon type={file.content_type} name={file.name} />
          <span className={styles.name}>{file.name}</span>
          <span className={styles.size}>{fileSize(file.size, currentLocale())}</span>
        </a>
      ))}
      {shown !== null && (
        <Suspense>
          <Lightbox pictures={pictures} start={shown} onClose={() => setShown(null)} />
        </Suspense>
      )}
    </div>
  );
}
