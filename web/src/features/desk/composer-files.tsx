// Files of the message being written: those that are there, and those on their way.
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "@/api/types.ts";
import { currentLocale } from "@/i18n/index.ts";
import { fileSize } from "@/lib/text.ts";
import { FileIcon, isPicture } from "./attachments.tsx";
import styles from "./composer.module.css";
import type { Upload } from "./use-uploads.ts";

interface Props {
  files: readonly Attachment[];
  uploads: readonly Upload[];
  onRemove: (id: string) => void;
  onCancel: (key: string) => void;
}

export function ComposerFiles({ files, uploads, onRemove, onCancel }: Props) {
  const { t } = useTranslation();
  if (files.length === 0 && uploads.length === 0) return null;
  return (
    <ul className={styles.files}>
      {files.map((file) => (
        <li key={file.id} className={styles.file} data-testid="composer-file">
          {isPicture(file) ? (
            <img src={file.preview_url ?? `${file.url}?inline=1`} alt="" className={styles.thumb} />
          ) : (
            <FileIcon type={file.content_type} name={file.name} />
          )}
          <span className={styles.fileName}>{file.name}</span>
          <span className={styles.fileSize}>{fileSize(file.size, currentLocale())}</span>
          <button
            type="button"
            onClick={() => onRemove(file.id)}
            aria-label={t("desk:file.remove", { name: file.name })}
          >
            <IconX size={14} stroke={1.6} />
          </button>
        </li>
      ))}
      {uploads.map((upload) => (
        <li key={upload.key} className={styles.file} aria-busy="true">
          <span className={styles.fileName}>{upload.name}</span>
          <span className={styles.fileSize}>{Math.round(upload.part * 100)} %</span>
          <button
            type="button"
            onClick={() => onCancel(upload.key)}
            aria-label={t("desk:file.cancel", { name: upload.name })}
          >
            <IconX size={14} stroke={1.6} />
          </button>
          <span className={styles.progress} style={{ transform: `scaleX(${upload.part})` }} />
        </li>
      ))}
    </ul>
  );
}
