// The administrator's own words in place of the widget's. The ones most often changed are offered by name; any other key can be added.
import { SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Locale } from "@/api/types.ts";
import styles from "./channels.module.css";
import { EditorFrame } from "./editor-frame.tsx";
import type { JsonEditorProps } from "./json-field.tsx";

const keys = ["online", "away", "start", "composer_placeholder", "finished", "rate"] as const;
type Texts = Partial<Record<Locale, Record<string, string>>>;

export function TextsEditor({ field, value, onChange, error }: JsonEditorProps) {
  const { t, i18n } = useTranslation();
  const [language, setLanguage] = useState<Locale>(i18n.language === "en" ? "en" : "ru");
  const texts = (value ?? {}) as Texts;
  const own = texts[language] ?? {};
  const shown = [...keys, ...Object.keys(own).filter((key) => !keys.some((known) => known === key))];
  const put = (key: string, words: string) => {
    const { [key]: _, ...rest } = own;
    onChange({ ...texts, [language]: words === "" ? rest : { ...rest, [key]: words } });
  };
  const usual = (key: string) =>
    language === i18n.language && i18n.exists(`channels:editor.usual.${key}`)
      ? t(`channels:editor.usual.${key}`)
      : undefined;
  return (
    <EditorFrame field={field} error={error}>
      <div>
        <SegmentedControl
          size="xs"
          aria-label={t("channels:editor.language")}
          value={language}
          onChange={(next) => setLanguage(next as Locale)}
          data={[
            { value: "ru", label: "Русский" },
            { value: "en", label: "English" },
          ]}
        />
      </div>
      <div className={styles.texts}>
        {shown.map((key) => (
          <TextInput
            key={key}
            label={i18n.exists(`channels:editor.text.${key}`) ? t(`channels:editor.text.${key}`) : key}
            placeholder={usual(key)}
            value={own[key] ?? ""}
            onChange={(event) => put(key, event.currentTarget.value)}
          />
        ))}
      </div>
    </EditorFrame>
  );
}
