// The tick without which no chat begins, with a link to the policy.
import { Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { EditorFrame } from "./editor-frame.tsx";
import type { JsonEditorProps } from "./json-field.tsx";

interface Consent {
  text: string;
  url?: string | null;
}

export function ConsentEditor({ field, value, onChange, error }: JsonEditorProps) {
  const { t } = useTranslation();
  const consent = value as Consent | null;
  return (
    <EditorFrame field={field} error={error}>
      <Switch
        label={t("channels:editor.consent.ask")}
        checked={consent !== null}
        onChange={(event) =>
          onChange(
            event.currentTarget.checked ? { text: t("channels:editor.consent.default"), url: "" } : null,
          )
        }
        data-testid="consent-switch"
      />
      {consent && (
        <>
          <Textarea
            label={t("channels:editor.consent.text")}
            autosize
            minRows={2}
            value={consent.text}
            onChange={(event) => onChange({ ...consent, text: event.currentTarget.value })}
          />
          <TextInput
            label={t("channels:editor.consent.url")}
            placeholder="https://example.ru/privacy"
            type="url"
            value={consent.url ?? ""}
            onChange={(event) => onChange({ ...consent, url: event.currentTarget.value || null })}
          />
        </>
      )}
    </EditorFrame>
  );
}
