// The form as visitors will see it, with what is not saved yet: the real page in a frame, fed by the builder.
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FormDefinition } from "@/api/types.ts";
import styles from "./forms.module.css";

const around = 64;

export function FormPreview({ definition }: { definition: FormDefinition }) {
  const { t } = useTranslation();
  const frame = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(false);
  const [height, setHeight] = useState(480);
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (event.source !== frame.current?.contentWindow || event.origin !== location.origin) return;
      if (event.data?.formReady) setReady(true);
      if (typeof event.data?.formHeight === "number") setHeight(event.data.formHeight + around);
    };
    addEventListener("message", hear);
    return () => removeEventListener("message", hear);
  }, []);
  const shown = JSON.stringify(definition);
  // The words that are not the form's own follow the language it is written in, as on its page.
  const lang = /\p{Script=Cyrillic}/u.test(
    definition.title + definition.fields.map((field) => field.label).join(""),
  )
    ? "ru"
    : "en";
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language is another page, which says when it is ready
  useEffect(() => setReady(false), [lang]);
  useEffect(() => {
    if (ready) frame.current?.contentWindow?.postMessage({ definition: JSON.parse(shown) }, location.origin);
  }, [ready, shown]);
  return (
    <aside className={styles.preview} aria-label={t("forms:preview.title")}>
      <p className={styles.previewTitle}>{t("forms:preview.title")}</p>
      <iframe
        key={lang}
        ref={frame}
        src={`/forms/preview?lang=${lang}`}
        title={t("forms:preview.title")}
        className={styles.frame}
        style={{ height }}
        data-testid="form-preview"
      />
      <p className={styles.note}>{t("forms:preview.text")}</p>
    </aside>
  );
}
