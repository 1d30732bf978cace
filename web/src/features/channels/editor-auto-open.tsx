// When the chat comes forward by itself, and what it does then.
import { NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import styles from "./channels.module.css";
import { EditorFrame, EditorRows } from "./editor-frame.tsx";
import type { JsonEditorProps } from "./json-field.tsx";

const kinds = ["page_seconds", "site_seconds", "url_contains", "url_equals"] as const;
const actions = ["message", "open", "form"] as const;

interface Rule {
  kind: (typeof kinds)[number];
  value: string | number;
}
interface AutoOpen {
  mode: "any" | "every";
  rules: Rule[];
  action: (typeof actions)[number];
  message: string;
}

const isTime = (kind: Rule["kind"]) => kind.endsWith("_seconds");

export function AutoOpenEditor({ field, value, onChange, error }: JsonEditorProps) {
  const { t } = useTranslation();
  const rule = value as AutoOpen | null;
  const start = (): AutoOpen => ({
    mode: "any",
    rules: [{ kind: "page_seconds", value: 30 }],
    action: "message",
    message: t("channels:editor.auto.default"),
  });
  return (
    <EditorFrame field={field} error={error}>
      <Switch
        label={t("channels:editor.auto.ask")}
        checked={rule !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? start() : null)}
        data-testid="auto-open-switch"
      />
      {rule && (
        <>
          <NativeSelect
            label={t("channels:editor.auto.mode")}
            value={rule.mode}
            onChange={(event) => onChange({ ...rule, mode: event.currentTarget.value })}
            data={(["any", "every"] as const).map((mode) => ({
              value: mode,
              label: t(`channels:editor.auto.modes.${mode}`),
            }))}
          />
          <EditorRows
            rows={rule.rules}
            onChange={(rules) => onChange({ ...rule, rules })}
            empty={t("channels:editor.auto.noRules")}
            add={t("channels:editor.auto.add")}
            fresh={(): Rule => ({ kind: "page_seconds", value: 30 })}
            limit={10}
          >
            {(row, change) => (
              <>
                <NativeSelect
                  aria-label={t("channels:editor.auto.rule")}
                  value={row.kind}
                  className={styles.grow}
                  onChange={(event) => {
                    const kind = event.currentTarget.value as Rule["kind"];
                    change({ kind, value: isTime(kind) ? 30 : "" });
                  }}
                  data={kinds.map((kind) => ({
                    value: kind,
                    label: t(`channels:editor.auto.kinds.${kind}`),
                  }))}
                />
                <TextInput
                  aria-label={t("channels:editor.auto.value")}
                  placeholder={isTime(row.kind) ? "30" : "/pricing"}
                  inputMode={isTime(row.kind) ? "numeric" : undefined}
                  value={String(row.value)}
                  className={isTime(row.kind) ? styles.tiny : styles.grow}
                  onChange={(event) => {
                    const text = event.currentTarget.value;
                    change({ value: isTime(row.kind) ? Number(text.replace(/\D/g, "")) || 0 : text });
                  }}
                />
              </>
            )}
          </EditorRows>
          <NativeSelect
            label={t("channels:editor.auto.action")}
            value={rule.action}
            onChange={(event) => onChange({ ...rule, action: event.currentTarget.value })}
            data={actions.map((action) => ({
              value: action,
              label: t(`channels:editor.auto.actions.${action}`),
            }))}
          />
          {rule.action === "message" && (
            <Textarea
              label={t("channels:editor.auto.message")}
              autosize
              minRows={2}
              value={rule.message}
              onChange={(event) => onChange({ ...rule, message: event.currentTarget.value })}
            />
          )}
        </>
      )}
    </EditorFrame>
  );
}
