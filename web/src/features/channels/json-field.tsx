// A setting that only its channel understands, typed as JSON. What cannot be read stays in the field with a word about it.
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelField } from "@/api/types.ts";

export interface JsonEditorProps {
  field: ChannelField;
  value: unknown;
  onChange: (value: unknown) => void;
  error?: string;
}

export function JsonField({ field, value, onChange, error }: JsonEditorProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => (value === null ? "" : JSON.stringify(value, null, 2)));
  const [wrong, setWrong] = useState(false);
  return (
    <Textarea
      label={field.label}
      description={field.help || undefined}
      error={wrong ? t("channels:form.wrongJson") : error}
      autosize
      minRows={3}
      maxRows={14}
      value={text}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--font-mono)", fontSize: 12 } }}
      data-testid={`setting-${field.name}`}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        try {
          onChange(next.trim() === "" ? null : JSON.parse(next));
          setWrong(false);
        } catch {
          setWrong(true);
        }
      }}
    />
  );
}
