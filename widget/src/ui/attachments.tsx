// Files of a message: pictures and recordings are shown and played in place, anything else is downloaded.

import { useEffect, useRef, useState } from "preact/hooks";
import { size } from "../texts.ts";
import type { Attachment } from "../types.ts";
import { useSurroundings } from "./context.ts";
import { IconButton } from "./icon-button.tsx";
import { Icon } from "./icons.tsx";

const PICTURE = /^image\/(png|jpe?g|gif|webp|avif|bmp)$/;

export function Attachments({ files }: { files: Attachment[] }) {
  return (
    <>
      {files.map((file) => (
        <One file={file} key={file.id} />
      ))}
    </>
  );
}

function One({ file }: { file: Attachment }) {
  const { t, host, language } = useSurroundings();
  const [broken, setBroken] = useState(false);
  const [large, setLarge] = useState(false);
  const url = file.url ? new URL(file.url, host).href : null;

  if (url && !broken && PICTURE.test(file.content_type)) {
    return (
      <>
        <button type="button" class="picture" onClick={() => setLarge(true)}>
          <img
            src={url}
            alt={t("image", { name: file.name })}
            loading="lazy"
            onError={() => setBroken(true)}
          />
        </button>
        {large && <Lightbox url={url} name={file.name} close={() => setLarge(false)} />}
      </>
    );
  }
  if (url && !broken && file.content_type.startsWith("audio/")) {
    const label = file.media === "voice" ? t("voice") : file.name;
    return (
      <audio
        class="audio"
        src={url}
        controls
        preload="metadata"
        aria-label={label}
        onError={() => setBroken(true)}
      />
    );
  }
  if (url && !broken && file.content_type.startsWith("video/")) {
    return (
      <video
        class="video"
        src={url}
        controls
        preload="metadata"
        aria-label={file.name}
        onError={() => setBroken(true)}
      />
    );
  }
  const inside = (
    <>
      <Icon name="file" />
      <span class="file-text">
        <span class="cut" title={file.name}>
          {file.name}
        </span>
        <span class="soft">{size(file.size, language)}</span>
      </span>
    </>
  );
  if (!url) return <span class="file">{inside}</span>;
  return (
    <a
      class="file"
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      download={file.name}
      aria-label={t("download", { name: file.name })}
    >
      {inside}
    </a>
  );
}

function Lightbox({ url, name, close }: { url: string; name: string; close: () => void }) {
  const { t } = useSurroundings();
  const dialog = useRef<HTMLDialogElement>(null);
  // The browser's own modal dialog keeps the focus inside and gives it back.
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      class="lightbox"
      ref={dialog}
      aria-label={t("image", { name })}
      onClose={close}
      onClick={() => dialog.current?.close()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <img src={url} alt={t("image", { name })} />
      <IconButton label={t("close_image")}>
        <Icon name="close" />
      </IconButton>
    </dialog>
  );
}
