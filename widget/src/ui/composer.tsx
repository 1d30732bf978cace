// Where the visitor writes: text, files by button, paste or drop, and the correction of what was sent.

import type { RefObject, TargetedClipboardEvent, TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { Message } from "../types.ts";
import { useSurroundings } from "./context.ts";
import { IconButton } from "./icon-button.tsx";
import { Icon } from "./icons.tsx";
import type { Upload, useUploads } from "./uploads.ts";

interface Props {
  input: RefObject<HTMLTextAreaElement | null>;
  files: ReturnType<typeof useUploads>;
  editing: Message | null;
  onEdited: () => void;
  /** The arrow up in an empty field. */
  onEditLast: () => void;
}

/** On a phone the Enter key makes a new line: there is no other way to make one. */
const touch = () => matchMedia("(pointer: coarse)").matches;

export function Composer({ input, files, editing, onEdited, onEditLast }: Props) {
  const { chat, shell, t } = useSurroundings();
  const [draft, setDraft] = useState(() => chat.visit.get<string>("draft") ?? "");
  const [correction, setCorrection] = useState("");
  const text = editing ? correction : draft;
  const { uploads } = files;
  const busy = uploads.some((upload) => !upload.done && !upload.failed);
  const ready = uploads.filter((upload) => upload.done);
  const sendable = editing ? text.trim() !== "" : !busy && (text.trim() !== "" || ready.length > 0);

  useEffect(() => {
    if (!editing) return;
    setCorrection(editing.text);
    input.current?.focus();
  }, [editing, input]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const area = input.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 140)}px`;
  }, [text, input]);

  const write = (value: string) => {
    if (editing) {
      setCorrection(value);
      return;
    }
    setDraft(value);
    chat.visit.set("draft", value);
    chat.type();
  };

  const submit = async () => {
    if (!sendable) {
      if (busy) shell.set({ notice: t("wait_files") });
      return;
    }
    shell.set({ notice: "" });
    if (!editing) {
      const done = ready.map((upload) => upload.done).filter((file) => file !== undefined);
      chat.send(draft, { files: done });
      files.clear();
      write("");
    } else if (correction.trim() !== editing.text) {
      try {
        await chat.edit(editing, correction);
        onEdited();
      } catch {
        shell.set({ notice: t("failed") });
      }
    } else onEdited();
    input.current?.focus();
  };

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !touch()) {
      event.preventDefault();
      void submit();
    } else if (event.key === "ArrowUp" && text === "" && !editing) {
      event.preventDefault();
      onEditLast();
    } else if (event.key === "Escape" && editing) {
      event.stopPropagation();
      onEdited();
    }
  };

  const onPaste = (event: TargetedClipboardEvent<HTMLTextAreaElement>) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (pasted.length === 0 || editing) return;
    event.preventDefault();
    files.add(pasted);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {editing && (
        <div class="strip">
          <span>{t("editing")}</span>
          <button type="button" class="text-button" onClick={onEdited}>
            {t("cancel")}
          </button>
        </div>
      )}
      {uploads.length > 0 && !editing && (
        <ul class="uploads">
          {uploads.map((upload) => (
            <UploadItem upload={upload} files={files} key={upload.key} />
          ))}
        </ul>
      )}
      <div class="composer-line">
        {!editing && (
          <label class="icon-button" title={t("attach")}>
            <Icon name="clip" />
            <input
              type="file"
              multiple
              class="hidden"
              aria-label={t("attach")}
              onChange={(event) => {
                files.add([...(event.currentTarget.files ?? [])]);
                event.currentTarget.value = "";
                input.current?.focus();
              }}
            />
          </label>
        )}
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          value={text}
          maxLength={10_000}
          aria-label={t("composer")}
          placeholder={t("composer_placeholder")}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <IconButton
          type="submit"
          class="send-button"
          label={t(editing ? "save" : "send")}
          aria-disabled={!sendable}
        >
          {editing ? <Icon name="check" /> : <Icon name="send" />}
        </IconButton>
      </div>
    </form>
  );
}

function UploadItem({ upload, files }: { upload: Upload; files: Props["files"] }) {
  const { t } = useSurroundings();
  const { name } = upload.file;
  const percent = Math.round(upload.progress * 100);
  return (
    <li class={upload.failed ? "upload upload-failed" : "upload"} title={name}>
      <Icon name="file" size={18} />
      <span class="file-text">
        <span class="cut">{upload.failed ?? name}</span>
        {!upload.done && !upload.failed && (
          <progress max={100} value={percent} aria-label={t("uploading", { name, percent })} />
        )}
      </span>
      {upload.failed && (
        <IconButton label={t("retry_file", { name })} onClick={() => files.again(upload)}>
          <Icon name="retry" size={16} />
        </IconButton>
      )}
      <IconButton label={t("remove_file", { name })} onClick={() => files.remove(upload.key)}>
        <Icon name="close" size={16} />
      </IconButton>
    </li>
  );
}
