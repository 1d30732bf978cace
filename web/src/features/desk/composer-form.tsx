// One kind of writing: addressees, text, files, draft state, and the button that sends.
import { Skeleton } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { lazy, type Ref, Suspense, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Address, Attachment, Conversation, NewMessage } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { Addressees } from "./addressees.tsx";
import styles from "./composer.module.css";
import { ComposerFiles } from "./composer-files.tsx";
import { type DraftKind, isBlank } from "./drafts.ts";
import type { EditorHandle } from "./editor.tsx";
import { useOutbox } from "./outbox-provider.tsx";
import { SendButton } from "./send-button.tsx";
import { useDraft } from "./use-draft.ts";
import { useUploads } from "./use-uploads.ts";

const RichEditor = lazy(() => import("./editor.tsx"));

export interface ComposerFormHandle {
  focus: () => void;
}

interface Props {
  conversation: Conversation;
  kind: DraftKind;
  autoFocus: boolean;
  ref?: Ref<ComposerFormHandle>;
}

export function ComposerForm({ conversation, kind, autoFocus, ref }: Props) {
  const { t } = useTranslation();
  const { outbox } = useOutbox();
  const { draft, state, change, clear } = useDraft(conversation, kind);
  const editor = useRef<EditorHandle>(null);
  const picker = useRef<HTMLInputElement>(null);
  const wantsFocus = useRef(autoFocus);
  const [dragging, setDragging] = useState(false);
  const [round, setRound] = useState(0);
  const attachments = useRef(draft.attachments);
  attachments.current = draft.attachments;

  const uploads = useUploads({
    onDone: (attachment, inline) => {
      change({ attachments: [...attachments.current, { ...attachment, inline }] });
      if (inline) editor.current?.insertPicture(attachment);
    },
    onError: (error) => notifyError(error, t("desk:composer.uploadFailed")),
  });

  useImperativeHandle(ref, () => ({
    focus: () => {
      wantsFocus.current = true;
      editor.current?.focus();
    },
  }));

  const cc = draft.cc ?? ownCopies(conversation);
  const blank = isBlank(draft);
  const ready = !blank && uploads.items.length === 0;

  const send = (more: Pick<NewMessage, "close" | "snooze_until"> = {}) => {
    if (!ready) return;
    const sent = stillUsed(draft.html, draft.attachments);
    const answer = kind === "outbound" ? { cc } : {};
    outbox.add({
      conversationId: conversation.id,
      body: { kind, html: draft.html, attachment_ids: sent.map((each) => each.id), ...answer, ...more },
      attachments: sent,
    });
    clear();
    wantsFocus.current = true;
    setRound((old) => old + 1);
  };

  const addFiles = (files: File[], inText: boolean) => {
    for (const file of files) uploads.add(file, inText && file.type.startsWith("image/"));
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped anywhere on it; the button does the same
    <div
      className={styles.form}
      data-dragging={dragging || undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDragging(false);
      }}
      onDrop={(event) => {
        setDragging(false);
        if (event.defaultPrevented || event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        addFiles([...event.dataTransfer.files], false);
      }}
    >
      {kind === "outbound" && (
        <Addressees conversation={conversation} cc={cc} onChange={(next) => change({ cc: next })} />
      )}
      <Suspense fallback={<EditorSkeleton />}>
        <RichEditor
          key={round}
          ref={editor}
          html={draft.html}
          autoFocus={wantsFocus.current}
          label={t(`desk:composer.label.${kind}`)}
          placeholder={t(`desk:composer.placeholder.${kind}`)}
          onChange={(html) => change({ html })}
          onFiles={(files) => addFiles(files, true)}
          onSubmit={() => send()}
          onSubmitAndClose={() => send(conversation.can.close ? { close: true } : {})}
        />
      </Suspense>
      <ComposerFiles
        files={draft.attachments.filter((each) => !each.inline)}
        uploads={uploads.items}
        onRemove={(id) => change({ attachments: draft.attachments.filter((each) => each.id !== id) })}
        onCancel={uploads.cancel}
      />
      <div className={styles.bottom}>
        <IconButton
          label={t("desk:composer.attach")}
          tooltipPosition="top"
          size={28}
          className={styles.attach}
          onClick={() => picker.current?.click()}
        >
          <IconPaperclip size={18} stroke={1.5} />
        </IconButton>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          data-testid="file-input"
          onChange={(event) => {
            addFiles([...(event.currentTarget.files ?? [])], false);
            event.currentTarget.value = "";
          }}
        />
        <span className={styles.draftState} role="status" data-testid="draft-state">
          {state !== "none" && t(`desk:draft.${state}`)}
        </span>
        <SendButton conversation={conversation} kind={kind} disabled={!ready} onSend={send} />
      </div>
      {dragging && <div className={styles.drop}>{t("desk:composer.drop")}</div>}
    </div>
  );
}

function EditorSkeleton() {
  return (
    <div style={{ minHeight: 66, padding: "12px 14px" }}>
      <Skeleton height={10} width="40%" />
    </div>
  );
}

/** Those who have been in copy so far. */
function ownCopies(conversation: Conversation): Address[] {
  return conversation.participants
    .filter((participant) => participant.role === "cc")
    .map(({ name, address }) => ({ address, name: name || null }));
}

/** Files, and of the pictures in the text those that are still in it. */
export function stillUsed(html: string, attachments: readonly Attachment[]): Attachment[] {
  return attachments.filter((each) => !each.inline || html.includes(each.id));
}
