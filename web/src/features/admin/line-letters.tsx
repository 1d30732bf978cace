// The texts of a line's letters beside how they will look: the signature and the automatic reply.
import { Skeleton, Switch, Textarea, TextInput } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import { currentLocale } from "@/i18n/index.ts";
import {
  escapeHtml,
  fillHtmlTemplate,
  fillTemplate,
  type TemplateValues,
  type TemplateVariable,
  unknownVariables,
} from "@/lib/letter-template.ts";
import { LetterPreview } from "@/ui/letter-preview.tsx";
import type { Form } from "@/ui/use-form.ts";
import styles from "./admin.module.css";
import type { LineValues } from "./line-form.ts";

const SignatureEditor = lazy(() => import("./signature-editor.tsx"));

const signatureVariables = ["operator", "line", "company", "number"] as const satisfies TemplateVariable[];
const replyVariables = [
  "number",
  "subject",
  "client",
  "line",
  "company",
  "hours",
  "next_open",
] as const satisfies TemplateVariable[];

/** A made-up letter; lines do not name more of the client than his name. */
type Sample = Required<Omit<TemplateValues, "client_first_name" | "client_company">>;

export function useSample({ values }: Form<LineValues>): Sample {
  const { t } = useTranslation();
  const me = useMe();
  return {
    operator: me.name,
    line: values.public_name || values.name,
    company: me.company_name,
    number: "1042",
    subject: t("admin:sample.subject"),
    client: t("admin:sample.client"),
    channel: "Telegram",
    hours: t("admin:sample.hours"),
    next_open: t("admin:sample.next_open"),
    date: new Date().toLocaleDateString(currentLocale() === "ru" ? "ru-RU" : "sv-SE"),
  };
}

/** `version` grows when the text has to be taken anew from the form, as after "discard". */
export function LineSignature({ form, version }: { form: Form<LineValues>; version: number }) {
  const { t } = useTranslation();
  const sample = useSample(form);
  const { signature_html } = form.values;
  const answer = `<p>${escapeHtml(t("admin:sample.answer"))}</p>`;
  const signature = fillHtmlTemplate(signature_html, sample);
  return (
    <>
      <Suspense fallback={<Skeleton height={180} radius="sm" />}>
        <SignatureEditor
          key={version}
          label={t("admin:line.signature")}
          html={signature_html}
          onChange={(html) => form.set({ signature_html: html })}
          variables={signatureVariables}
          error={form.errors.signature_html}
        />
      </Suspense>
      <UnknownVariables text={signature_html} known={signatureVariables} />
      <LetterPreview
        label={t("admin:line.signaturePreview")}
        from={sample.line}
        html={signature.trim() ? `${answer}<br><div>-- <br>${signature}</div>` : answer}
      />
    </>
  );
}

export function LineAutoReply({ form }: { form: Form<LineValues> }) {
  const { t } = useTranslation();
  const sample = useSample(form);
  const { auto_reply_enabled, auto_reply_subject, auto_reply_text } = form.values;
  const insert = (variable: string) => form.set({ auto_reply_text: `${auto_reply_text}{{${variable}}}` });
  const body = escapeHtml(fillTemplate(auto_reply_text, sample)).replaceAll("\n", "<br>");
  return (
    <>
      <Switch
        label={t("admin:line.autoReply")}
        description={t("admin:line.autoReplyHelp")}
        {...form.flag("auto_reply_enabled")}
        data-testid="auto-reply-enabled"
      />
      {auto_reply_enabled && (
        <>
          <TextInput
            label={t("admin:line.autoReplySubject")}
            placeholder={t("admin:line.autoReplySubjectEmpty")}
            {...form.text("auto_reply_subject")}
            data-testid="auto-reply-subject"
          />
          <div>
            <Textarea
              label={t("admin:line.autoReplyText")}
              autosize
              minRows={5}
              maxRows={16}
              {...form.text("auto_reply_text")}
              data-testid="auto-reply-text"
            />
            <Variables variables={replyVariables} onInsert={insert} />
          </div>
          <UnknownVariables text={`${auto_reply_subject} ${auto_reply_text}`} known={replyVariables} />
          <LetterPreview
            label={t("admin:line.autoReplyPreview")}
            from={sample.line}
            subject={fillTemplate(auto_reply_subject, sample) || `Re: ${sample.subject}`}
            html={body}
          />
        </>
      )}
    </>
  );
}

/** Buttons that put a variable into the text. */
export function Variables({
  variables,
  onInsert,
}: {
  variables: readonly TemplateVariable[];
  onInsert: (variable: TemplateVariable) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className={styles.chips} style={{ marginTop: 8 }}>
      {variables.map((variable) => (
        <button
          key={variable}
          type="button"
          className={styles.chip}
          title={`{{${variable}}}`}
          // The caret stays where it is.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onInsert(variable)}
        >
          + {t(`admin:variable.${variable}`)}
        </button>
      ))}
    </div>
  );
}

function UnknownVariables({ text, known }: { text: string; known: readonly TemplateVariable[] }) {
  const { t } = useTranslation();
  const unknown = unknownVariables(text, known);
  if (unknown.length === 0) return null;
  return (
    <p className={styles.warning} role="status">
      {t("admin:line.unknownVariables", { names: unknown.map((name) => `{{${name}}}`).join(", ") })}
    </p>
  );
}
