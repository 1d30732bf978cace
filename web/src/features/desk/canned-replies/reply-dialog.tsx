// A canned reply, new or known: its names, its text with variables, and beside it how a client will read it.
import { Autocomplete, Button, Menu, Modal, MultiSelect, Skeleton, Stack, TextInput } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, post } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { CannedReply } from "@/api/types.ts";
import { fillHtmlTemplate } from "@/lib/letter-template.ts";
import { DeleteRecord } from "@/ui/delete-record.tsx";
import { DialogFooter } from "@/ui/dialog-footer.tsx";
import { useForm } from "@/ui/use-form.ts";
import type { EditorHandle } from "../editor.tsx";
import { linesQuery } from "../queries.ts";
import { parseHtml, SimpleHtml } from "../simple-html.tsx";
import styles from "./canned-replies.module.css";
import { replyVariables, shortNameOf } from "./fitting.ts";
import { cannedRepliesKey } from "./queries.ts";

const RichEditor = lazy(() => import("../editor.tsx"));

interface Props {
  reply: CannedReply | null;
  shared: boolean;
  folders: string[];
  onClose: () => void;
}

export function ReplyDialog(props: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.reply?.name ?? t("answers:create")}
      size={920}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <ReplyForm {...props} />
    </Modal>
  );
}

const valuesOf = (reply: CannedReply | null) => ({
  name: reply?.name ?? "",
  short_name: reply?.short_name ?? "",
  folder: reply?.folder ?? "",
  html: reply?.html ?? "",
  line_ids: reply?.lines.map((line) => line.id) ?? [],
});

function ReplyForm({ reply, shared, folders, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const editor = useRef<EditorHandle>(null);
  const form = useForm(valuesOf(reply));
  const [named, setNamed] = useState(reply !== null);
  const lines = useQuery({ ...linesQuery, enabled: shared });
  const { values } = form;
  const refresh = () => client.invalidateQueries({ queryKey: cannedRepliesKey });
  const save = useMutation({
    mutationFn: () => {
      const { line_ids, ...rest } = values;
      const body = shared ? { ...rest, line_ids } : rest;
      return reply
        ? patch<CannedReply>(`/canned-replies/${reply.id}`, body)
        : post<CannedReply>("/canned-replies", { ...body, shared });
    },
    onSuccess: async () => {
      await refresh();
      onClose();
    },
    onError: form.fail,
  });
  const required = (value: string) => (value.trim() === "" ? t("admin:required") : undefined);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const { name, short_name, html } = values;
        if (form.complain({ name: required(name), short_name: required(short_name), html: required(html) }))
          save.mutate();
      }}
    >
      <div className={styles.columns}>
        <Stack gap="md" className={styles.main}>
          <TextInput
            label={t("answers:name")}
            maxLength={200}
            data-autofocus
            value={values.name}
            error={form.errors.name}
            onChange={(event) => {
              const name = event.currentTarget.value;
              form.set(named ? { name } : { name, short_name: shortNameOf(name) });
            }}
            data-testid="canned-name"
          />
          <div className={styles.two}>
            <TextInput
              label={t("answers:shortName")}
              leftSection="/"
              maxLength={40}
              value={values.short_name}
              error={form.errors.short_name}
              onChange={(event) => {
                setNamed(true);
                form.set({ short_name: event.currentTarget.value });
              }}
              data-testid="canned-short-name"
            />
            <Autocomplete
              label={t("answers:folder")}
              placeholder={t("answers:noFolder")}
              maxLength={100}
              data={folders}
              value={values.folder}
              error={form.errors.folder}
              onChange={(folder) => form.set({ folder })}
              data-testid="canned-folder"
            />
          </div>
          <div>
            <div className={styles.textHead}>
              <p className={styles.label}>{t("answers:text")}</p>
              <VariableMenu onInsert={(variable) => editor.current?.insertHtml(`{{${variable}}}`)} />
            </div>
            <div className={styles.frame} data-wrong={form.errors.html !== undefined || undefined}>
              <Suspense fallback={<Skeleton height={110} radius="sm" />}>
                <RichEditor
                  ref={editor}
                  html={values.html}
                  autoFocus={false}
                  label={t("answers:text")}
                  placeholder={t("answers:textPlaceholder")}
                  onChange={(html) => form.set({ html })}
                  onFiles={() => undefined}
                  onSubmit={() => undefined}
                  onSubmitAndClose={() => undefined}
                />
              </Suspense>
            </div>
            {form.errors.html && (
              <p className={styles.error} role="alert">
                {form.errors.html}
              </p>
            )}
          </div>
          {shared && (
            <MultiSelect
              label={t("answers:lines")}
              description={t("answers:linesHelp")}
              placeholder={values.line_ids.length === 0 ? t("answers:allLines") : undefined}
              data={(lines.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              searchable
              clearable
              clearButtonProps={{ "aria-label": t("terms:clear") }}
              hidePickedOptions
              value={values.line_ids}
              error={form.errors.line_ids}
              onChange={(line_ids) => form.set({ line_ids })}
              nothingFoundMessage={t("common:nothingFound")}
              data-testid="canned-lines"
            />
          )}
        </Stack>
        <Sample html={values.html} />
      </div>
      {form.message && (
        <p className={styles.error} role="alert">
          {form.message}
        </p>
      )}
      <div className={styles.footer}>
        <DialogFooter saving={save.isPending} onClose={onClose} testId="canned-save">
          {reply && (
            <DeleteRecord
              path={`/canned-replies/${reply.id}`}
              label={t("answers:delete")}
              title={t("answers:deleteTitle", { name: reply.name })}
              text={t(shared ? "answers:deleteSharedText" : "answers:deleteOwnText")}
              done={t("answers:deleted", { name: reply.name })}
              testId="canned-delete"
              onDeleted={async () => {
                await refresh();
                onClose();
              }}
            />
          )}
        </DialogFooter>
      </div>
    </form>
  );
}

function VariableMenu({ onInsert }: { onInsert: (variable: string) => void }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" returnFocus={false}>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconBraces size={16} stroke={1.5} />}
          data-testid="canned-variables"
        >
          {t("answers:variables")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {replyVariables.map((variable) => (
          <Menu.Item key={variable} onClick={() => onInsert(variable)}>
            {t(`answers:variable.${variable}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** How it will read, with a made-up client. */
function Sample({ html }: { html: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const filled = fillHtmlTemplate(html, {
    client: t("answers:sample.client"),
    client_first_name: t("answers:sample.firstName"),
    client_company: t("answers:sample.company"),
    number: "1042",
    subject: t("admin:sample.subject"),
    operator: me.name,
    line: t("answers:sample.line"),
    company: me.company_name,
    hours: t("admin:sample.hours"),
    next_open: t("admin:sample.next_open"),
  });
  return (
    <aside className={styles.sample} aria-label={t("answers:preview")} data-testid="canned-sample">
      <p className={styles.caption}>{t("answers:preview")}</p>
      {html.trim() === "" ? (
        <p className={styles.waiting}>{t("answers:sampleEmpty")}</p>
      ) : (
        <div className={styles.bubble}>
          <SimpleHtml body={parseHtml(filled)} attachments={[]} />
        </div>
      )}
    </aside>
  );
}
