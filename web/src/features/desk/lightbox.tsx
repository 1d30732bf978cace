// A picture at full size, with its neighbours.
import { Modal } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconDownload, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Attachment } from "@/api/types.ts";
import styles from "./lightbox.module.css";

interface Props {
  pictures: readonly Attachment[];
  start: number;
  onClose: () => void;
}

export default function Lightbox({ pictures, start, onClose }: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState(start);
  const picture = pictures[at];
  const move = (step: number) => setAt((old) => (old + step + pictures.length) % pictures.length);
  if (!picture) return null;
  return (
    <Modal.Root opened onClose={onClose} fullScreen>
      <Modal.Content
        aria-label={picture.name}
        radius={0}
        className={styles.content}
        onKeyDown={(event) => {
          if (event.key === "ArrowLeft") move(-1);
          if (event.key === "ArrowRight") move(1);
        }}
      >
        <Modal.Body p={0} className={styles.body}>
          <header className={styles.bar}>
            <span className={styles.name}>{picture.name}</span>
            {pictures.length > 1 && (
              <span className="tnum">
                {at + 1} / {pictures.length}
              </span>
            )}
            <a
              href={picture.url}
              download={picture.name}
              className={styles.tool}
              aria-label={t("desk:file.download")}
            >
              <IconDownload size={20} stroke={1.5} />
            </a>
            <button
              type="button"
              className={styles.tool}
              onClick={onClose}
              aria-label={t("common:close")}
              data-autofocus
            >
              <IconX size={20} stroke={1.5} />
            </button>
          </header>
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes as well */}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the picture closes it */}
          <div
            className={styles.stage}
            onClick={(event) => event.target === event.currentTarget && onClose()}
          >
            <img src={`${picture.url}?inline=1`} alt={picture.name} />
          </div>
          {pictures.length > 1 && (
            <>
              <button
                type="button"
                className={styles.previous}
                onClick={() => move(-1)}
                aria-label={t("desk:file.previous")}
              >
                <IconChevronLeft size={24} stroke={1.5} />
              </button>
              <button
                type="button"
                className={styles.next}
                onClick={() => move(1)}
                aria-label={t("desk:file.next")}
              >
                <IconChevronRight size={24} stroke={1.5} />
              </button>
            </>
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
