// Sites on which the chat may stand.
import { TagsInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { JsonEditorProps } from "./json-field.tsx";

export function OriginsEditor({ field, value, onChange, error }: JsonEditorProps) {
  const { t } = useTranslation();
  const origins = (Array.isArray(value) ? value : []) as string[];
  return (
    <TagsInput
      label={field.label}
      description={field.help || undefined}
      error={error}
      placeholder={origins.length === 0 ? t("channels:editor.anySite") : undefined}
      value={origins}
      splitChars={[",", " "]}
      acceptValueOnBlur
      onChange={(next) =>
        onChange(
          next.map((each) => (/^https?:\/\//.test(each) ? each : `https://${each}`).replace(/\/+$/, "")),
        )
      }
      data-testid={`setting-${field.name}`}
    />
  );
}
