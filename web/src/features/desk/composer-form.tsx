// One kind of writing: addressees, text, files, draft state, and the button that sends.
import { Skeleton } from "@mantine/core";
import { IconLayoutGridAdd, IconPaperclip, IconTemplate, IconX } from "@tabler/icons-react";
import { lazy, type Ref, Suspense, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Address, Attachment, Conversation, KeyboardButton, NewMessage } from "@/api/types.ts";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { Addressees } from "./addressees.tsx";
import { KeepDialog } from "./canned-replies/keep-dialog.tsx";
import { CannedPicker } from "./canned-replies/picker.tsx";
import { useCannedReplies } from "./canned-replies/queries.ts";
import { useColleagues } from "./colleagues.ts";
import styles from "./composer.module.css";
import { ComposerFiles } from "./composer-files.tsx";
import { type DraftKind, isBlank } from "./drafts.ts";
import type { EditorHandle } from "./editor.tsx";
import { EverybodyLine } from "./everybody-line.tsx";
import { KeyboardDialog } from "./keyboard-dialog.tsx";
import { KeyboardShown } from "./media.tsx";
import { useOutbox } from "./outbox-provider.tsx";
import routeStyles from "./route-line.module.css";
import { RouteLine } from "./route-line.tsx";
import { RouteNotices } from "./route-notices.tsx";
import { parts, routeOf, troubles } from "./routes.ts";
import { SendButton } from "./send-button.tsx";
import { useSendSettings } from "./send-settings.ts";
import { useTalk } from "./talk.tsx";
import { TemplatePicker } from "./template-picker.tsx";
import { useDraft } from "./use-draft.ts";
import { useUploads } from "./use-uploads.ts";

const RichEditor = lazy(() => import("./editor.tsx"));

export interface ComposerFormHandle {
  focus: () => void;
  /** Opens the list of canned replies. */
  pickReply: () => void;
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
  const { routes, quoting, quote, presence } = useTalk();
  const colleagues = useColleagues(conversation.id);
  const replies = useCannedReplies(conversation);
  const [picking, setPicking] = useState(false);
  const settings = useSendSettings();
  const [routeKey, setRouteKey] = useState<string | null>(null);
  const [keyboard, setKeyboard] = useState<KeyboardButton[][]>([]);
  const [dialog, setDialog] = useState<"keyboard" | "template" | "keep" | null>(null);
  const [asked, setAsked] = useState<Pick<NewMessage, "close" | "snooze_until"> | null>(null);
  const answers = kind === "outbound";
  const route = answers ? routeOf(routes, routeKey) : null;
  const group = conversation.channel === "group";
  const mail = !group && (!route || route.kind === "email");
  const way = group && answers ? "group" : (route?.kind ?? null);
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
    pickReply: () => setPicking(true),
  }));

  const cc = draft.cc ?? ownCopies(conversation);
  const blank = isBlank(draft);
  const byTemplate = route !== null && (route.templates_only || dialog === "template") && route.allowed;
  const against = troubles(route, draft.attachments, byTemplate);
  const ready = !blank && uploads.items.length === 0 && !against.some((trouble) => trouble.fatal);

  const leave = (body: NewMessage, sent: Attachment[]) => {
    outbox.add({ conversationId: conversation.id, body, attachments: sent });
    quote(null);
    setKeyboard([]);
    setDialog(null);
    presence.typedNothing();
  };
  const route_key = route && !route.current ? route.key : undefined;
  const send = (more: Pick<NewMessage, "close" | "snooze_until"> = {}, sure = false) => {
    if (!ready) return;
    if (way && settings.confirm.includes(way) && !sure) {
      setAsked(more);
      return;
    }
    setAsked(null);
    const sent = stillUsed(draft.html, draft.attachments);
    const answer: Partial<NewMessage> = answers
      ? {
          // Untouched, the server knows better who is in copy by now.
          ...(mail && draft.cc ? { cc } : {}),
          route_key,
          reply_to_id: group || route?.can?.quote ? quoting?.id : undefined,
          keyboard: route?.can?.keyboard && keyboard.length > 0 ? keyboard : undefined,
        }
      : {};
    leave({ kind, html: draft.html, attachment_ids: sent.map((each) => each.id), ...answer, ...more }, sent);
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
      {answers && group && <EverybodyLine conversation={conversation} />}
      {answers && (routes.length > 1 || !mail) && (
        <RouteLine
          routes={routes}
          route={route}
          onChoose={(next) => {
            setRouteKey(next.key);
            setDialog(null);
          }}
        />
      )}
      {answers && mail && (
        <Addressees
          conversation={conversation}
          cc={cc}
          named={routes.length <= 1}
          onChange={(next) => change({ cc: next })}
        />
      )}
      {answers && quoting && (
        <div className={routeStyles.quoting} data-testid="quoting">
          <span className={routeStyles.quotingWords}>
            <strong>{quoting.author.name}</strong> {quoting.text || t("desk:message.blank")}
          </span>
          <IconButton label={t("desk:message.unquote")} size={24} onClick={() => quote(null)}>
            <IconX size={14} stroke={1.5} />
          </IconButton>
        </div>
      )}
      <RouteNotices
        troubles={against}
        parts={!byTemplate && answers && !blank ? parts(route, draft.html) : 1}
      />
      {byTemplate && route ? (
        <TemplatePicker
          key={route.key}
          route={route}
          onClose={route.templates_only ? undefined : () => setDialog(null)}
          kept={!blank}
          onSend={(message) => leave({ kind, route_key, ...message }, [])}
        />
      ) : (
        <>
          <Suspense fallback={<EditorSkeleton />}>
            <RichEditor
              key={round}
              ref={editor}
              html={draft.html}
              autoFocus={wantsFocus.current}
              label={t(`desk:composer.label.${kind}`)}
              placeholder={t(`desk:composer.placeholder.${kind}`)}
              enterSends={answers && !mail && settings.enterSends}
              colleagues={answers ? undefined : colleagues}
              replies={replies}
              onChange={(html) => {
                change({ html });
                if (answers) presence.typed();
              }}
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
          {keyboard.length > 0 && (
            <div style={{ padding: "4px 12px" }}>
              <KeyboardShown rows={keyboard} />
            </div>
          )}
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
            {replies && (
              <CannedPicker
                conversation={conversation}
                className={styles.extraTool}
                opened={picking}
                onOpened={setPicking}
                onChoose={async (reply) => {
                  const html = await replies.fill(reply);
                  if (html !== null) editor.current?.insertHtml(html);
                }}
                onKeep={blank ? undefined : () => setDialog("keep")}
              />
            )}
            {route?.can?.keyboard && (
              <IconButton
                label={t("desk:keyboard.title")}
                tooltipPosition="top"
                size={28}
                className={styles.extraTool}
                onClick={() => setDialog("keyboard")}
                data-testid="keyboard-open"
              >
                <IconLayoutGridAdd size={18} stroke={1.5} />
              </IconButton>
            )}
            {route?.can?.templates && (
              <IconButton
                label={t("desk:template.title")}
                tooltipPosition="top"
                size={28}
                className={styles.extraTool}
                onClick={() => setDialog("template")}
                data-testid="template-open"
              >
                <IconTemplate size={18} stroke={1.5} />
              </IconButton>
            )}
            <span className={styles.draftState} role="status" data-testid="draft-state">
              {state !== "none" && (
                <span title={t(`desk:draft.${state}`)}>{t(`desk:draft.short.${state}`)}</span>
              )}
            </span>
            <SendButton
              conversation={conversation}
              kind={kind}
              channel={way}
              disabled={!ready}
              onSend={(more) => send(more)}
            />
          </div>
        </>
      )}
      {dialog === "keep" && <KeepDialog html={draft.html} onClose={() => setDialog(null)} />}
      {dialog === "keyboard" && (
        <KeyboardDialog rows={keyboard} onSave={setKeyboard} onClose={() => setDialog(null)} />
      )}
      <ConfirmDialog
        opened={asked !== null}
        harmless
        title={t("desk:send.askTitle")}
        text={t("desk:send.askText", {
          name: conversation.contact.name,
          channel: way ? t(`channels:kind.${way}`) : "",
        })}
        confirm={t("desk:send.answer")}
        onConfirm={() => asked && send(asked, true)}
        onClose={() => setAsked(null)}
      />
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

/** Who gets the answers besides the client so far. */
function ownCopies(conversation: Conversation): Address[] {
  return conversation.participants
    .filter((participant) => participant.role !== "client")
    .map(({ name, address }) => ({ address, name: name || null }));
}

/** Files, and of the pictures in the text those that are still in it. */
export function stillUsed(html: string, attachments: readonly Attachment[]): Attachment[] {
  return attachments.filter((each) => !each.inline || html.includes(each.id));
}
