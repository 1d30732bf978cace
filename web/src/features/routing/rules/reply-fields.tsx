// What the client is told at once, with variables and how it will look.
import { Switch, Textarea } from "@mantine/core";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { fillTemplate, type TemplateVariable, unknownVariables } from "@/lib/letter-template.ts";
import styles from "./rules.module.css";

const variables = [
  "client",
  "operator",
  "line",
  "company",
  "number",
  "subject",
  "hours",
  "next_open",
] as const satisfies TemplateVariable[];

interface Props {
  reply: { text: string } | null;
  error?: string;
  onChange: (reply: { text: string } | null) => void;
}

export function ReplyFields({ reply, error, onChange }: Props) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const insert = (variable: TemplateVariable) => {
    const { selectionStart = 0, selectionEnd = 0, value = "" } = field.current ?? {};
    const put = `{{${variable}}}`;
    onChange({ text: value.slice(0, selectionStart) + put + value.slice(selectionEnd) });
    const caret = selectionStart + put.length;
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(caret, caret);
    });
  };
  const text = reply?.text ?? "";
  const unknown = unknownVariables(text, variables);
  const sample = Object.fromEntries(variables.map((each) => [each, t(`rules:sample.${each}`)]));
  return (
    <>
      <Switch
        label={t("rules:reply.label")}
        description={t("rules:reply.text")}
        checked={reply !== null}
        onChange={(event) =>
          onChange(
            event.currentTarget.checked
              ? { text: t("rules:reply.start", { client: "{{client}}", number: "{{number}}" }) }
              : null,
          )
        }
        data-testid="auto-reply"
      />
      {reply && (
        <div className={styles.nested}>
          <Textarea
            ref={field}
            label={t("rules:reply.what")}
            autosize
            minRows={3}
            maxRows={12}
            maxLength={4_000}
            value={text}
            error={error}
            onChange={(event) => onChange({ text: event.currentTarget.value })}
            data-testid="auto-reply-text"
          />
          <div className={styles.chips}>
            {variables.map((variable) => (
              <button
                key={variable}
                type="button"
                className={styles.chip}
                title={`{{${variable}}}`}
                // The caret stays where it is.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => insert(variable)}
              >
                + {t(`rules:variable.${variable}`)}
              </button>
            ))}
          </div>
          {unknown.length > 0 && (
            <p className={styles.warning} role="status">
              {t("rules:reply.unknown", { names: unknown.map((name) => `{{${name}}}`).join(", ") })}
            </p>
          )}
          {text.trim() !== "" && (
            <p className={styles.preview}>
              <span className={styles.note}>{t("rules:reply.preview")}</span>
              <span>{fillTemplate(text, sample)}</span>
            </p>
          )}
        </div>
      )}
    </>
  );
}
