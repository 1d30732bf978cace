// How a form gets to visitors: its own address, and the line that shows it on a page of the site.
import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { WebForm } from "@/api/types.ts";
import { CopyField } from "@/ui/copy-field.tsx";
import { FormSection } from "@/ui/page.tsx";
import styles from "./forms.module.css";

export function FormShare({ form }: { form: WebForm }) {
  const { t } = useTranslation();
  const { origin } = new URL(form.url);
  return (
    <div className={styles.narrow}>
      {!form.enabled && (
        <Alert color="yellow" mb="md" title={t("forms:share.offTitle")}>
          {t("forms:share.offText")}
        </Alert>
      )}
      <FormSection title={t("forms:share.page")} text={t("forms:share.pageText")}>
        <CopyField value={form.url} label={t("forms:share.page")} testId="form-url" />
      </FormSection>
      <FormSection title={t("forms:share.embed")} text={t("forms:share.embedText")}>
        <CopyField value={form.embed} label={t("forms:share.embed")} testId="form-embed" />
        <p className={styles.note}>{t("forms:share.attributes")}</p>
        <div>
          <p className={styles.label}>{t("forms:share.policy")}</p>
          <CopyField value={`script-src ${origin}; connect-src ${origin}`} label={t("forms:share.policy")} />
        </div>
      </FormSection>
    </div>
  );
}
