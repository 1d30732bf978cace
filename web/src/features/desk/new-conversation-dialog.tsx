// The form of a conversation that we begin. What was typed survives closing the dialog by accident: it asks first.
import { Button, Group, Modal, NativeSelect, SegmentedControl, TagsInput, TextInput } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import type { Attachment, ConversationRow, NewConversation } from "@/api/types.ts";
import { isEmail, parseAddress } from "@/lib/text.ts";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { applyRow, refreshCounters } from "./cache.ts";
import { ChatForm } from "./chat-form.tsx";
import { ComposerFiles } from "./composer-files.tsx";
import { stillUsed } from "./composer-form.tsx";
import { isBlank } from "./drafts.ts";
import type { EditorHandle } from "./editor.tsx";
import styles from "./new-conversation.module.css";
import { type Way, ways } from "./new-way.ts";
import { linesQuery } from "./queries.ts";
import { RegisterForm } from "./register-form.tsx";
import { useUploads } from "./use-uploads.ts";

const RichEditor = lazy(() => import("./editor.tsx"));

export default function NewConversationDialog({
  line,
  onClose,
}: {
  line: string | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: lines } = useQuery(linesQuery);
  const [lineId, setLineId] = useState(line ?? "");
  const [to, setTo] = useState<string[]>([]);
  const [cc, setCc] = useState<string[]>([]);
  const [subject, setSubject] = useState("");
  const [html, setHtml] = useState("");
  const [attachments, setAttachments] = useState<Attachment[]>([]);
  const [fields, setFields] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [way, setWay] = useState<Way>("mail");
  const [touched, setTouched] = useState(false);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const editor = useRef<EditorHandle>(null);
  const picker = useRef<HTMLInputElement>(null);
  const uploads = useUploads({
    onDone: (attachment, inline) => {
      setAttachments((old) => [...old, { ...attachment, inline }]);
      if (inline) editor.current?.insertPicture(attachment);
    },
    onError: (error) => notifyError(error, t("desk:composer.uploadFailed")),
  });
  const chosenLine = lineId || lines?.items[0]?.id || "";
  const blank = isBlank({ html, attachments });
  const ready =
    to.length > 0 && subject.trim() !== "" && !blank && uploads.items.length === 0 && chosenLine !== "";
  const leave = () => (blank && to.length === 0 && !subject && !touched ? onClose() : setAsking(true));

  const addresses = (values: string[]) => values.map(parseAddress).filter((each) => each !== null);
  const onlyAddresses = (field: string, set: (values: string[]) => void) => (values: string[]) => {
    const wrong = values.find((value) => !parseAddress(value));
    setFields((old) => ({ ...old, [field]: wrong ? t("desk:composer.wrongAddress", { value: wrong }) : "" }));
    set(
      values.filter((value) => parseAddress(value)).map((value) => (isEmail(value) ? value.trim() : value)),
    );
  };

  const send = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setFields({});
    const used = stillUsed(html, attachments);
    const body: NewConversation = {
      line_id: chosenLine,
      to: addresses(to),
      cc: addresses(cc),
      subject: subject.trim(),
      html,
      attachment_ids: used.map((each) => each.id),
    };
    try {
      const created = await post<ConversationRow>("/conversations", body, { idempotencyKey: key });
      applyRow(client, created);
      void refreshCounters(client);
      onClose();
      await navigate({
        to: "/c/$view/$conversationId",
        params: { view: "open", conversationId: created.id },
      });
    } catch (error) {
      // What is sent next may differ, so it needs a key of its own. Without an answer the old one guards against a double.
      if (error instanceof ApiError) setKey(crypto.randomUUID());
      if (error instanceof ApiError && Object.keys(error.fields).length > 0) setFields(error.fields);
      else notifyError(error, t("desk:new.failed"));
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Modal
        opened
        onClose={leave}
        title={t("desk:new.title")}
        size={720}
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": t("common:close") }}
        classNames={{ content: styles.content }}
      >
        <SegmentedControl
          fullWidth
          className={styles.ways}
          aria-label={t("desk:new.way")}
          value={way}
          onChange={(next) => setWay(next as Way)}
          data={ways.map((each) => ({ value: each, label: t(`desk:new.ways.${each}`) }))}
          data-testid="new-ways"
        />
        {way === "register" && (
          <RegisterForm line={line} onClose={onClose} onTouch={() => setTouched(true)} />
        )}
        {way === "chat" && <ChatForm line={line} onClose={onClose} onTouch={() => setTouched(true)} />}
        <div className={styles.form} hidden={way !== "mail"} data-testid="new-conversation-form">
          <NativeSelect
            label={t("desk:new.line")}
            value={chosenLine}
            onChange={(event) => setLineId(event.currentTarget.value)}
            error={fields.line_id ?? fields.mailbox_id}
            data={(lines?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
          />
          <TagsInput
            label={t("desk:composer.to")}
            placeholder={to.length === 0 ? "client@example.com" : undefined}
            value={to}
            onChange={onlyAddresses("to", setTo)}
            splitChars={[",", ";", " "]}
            acceptValueOnBlur
            error={fields.to || undefined}
            data-autofocus
            data-testid="new-to"
          />
          <TagsInput
            label={t("desk:composer.copy")}
            value={cc}
            onChange={onlyAddresses("cc", setCc)}
            splitChars={[",", ";", " "]}
            acceptValueOnBlur
            error={fields.cc || undefined}
          />
          <TextInput
            label={t("desk:header.subject")}
            value={subject}
            onChange={(event) => setSubject(event.currentTarget.value)}
            error={fields.subject}
            data-testid="new-subject"
          />
          <div className={styles.editor}>
            <Suspense fallback={<div style={{ minHeight: 140 }} />}>
              <RichEditor
                ref={editor}
                html=""
                autoFocus={false}
                label={t("desk:composer.label.outbound")}
                placeholder={t("desk:composer.placeholder.outbound")}
                onChange={setHtml}
                onFiles={(files) => {
                  for (const file of files) uploads.add(file, file.type.startsWith("image/"));
                }}
                onSubmit={() => void send()}
                onSubmitAndClose={() => void send()}
              />
            </Suspense>
            <ComposerFiles
              files={attachments.filter((each) => !each.inline)}
              uploads={uploads.items}
              onRemove={(id) => setAttachments((old) => old.filter((each) => each.id !== id))}
              onCancel={uploads.cancel}
            />
          </div>
          <Group justify="space-between" gap="xs">
            <IconButton label={t("desk:composer.attach")} onClick={() => picker.current?.click()}>
              <IconPaperclip size={18} stroke={1.5} />
            </IconButton>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              onChange={(event) => {
                for (const file of event.currentTarget.files ?? []) uploads.add(file, false);
                event.currentTarget.value = "";
              }}
            />
            <Group gap="xs">
              <Button variant="default" onClick={leave}>
                {t("common:cancel")}
              </Button>
              <Button onClick={() => void send()} loading={busy} disabled={!ready} data-testid="new-send">
                {t("desk:send.answer")}
              </Button>
            </Group>
          </Group>
        </div>
      </Modal>
      <ConfirmDialog
        opened={asking}
        title={t("desk:new.leave")}
        text={t("desk:new.leaveText")}
        confirm={t("desk:new.leaveConfirm")}
        onConfirm={onClose}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
