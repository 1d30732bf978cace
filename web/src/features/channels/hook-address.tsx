// What the vendor has to know about us: the address it calls, with what to do there.
import { useTranslation } from "react-i18next";
import { CopyField } from "@/ui/copy-field.tsx";
import { FormSection } from "@/ui/page.tsx";
import styles from "./channels.module.css";
import { Steps } from "./steps.tsx";

export function HookAddress({ url, steps }: { url: string; steps: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <FormSection title={t("channels:hook.title")}>
      <Steps steps={steps} />
      <div>
        <p className={styles.label}>{t("channels:hook.label")}</p>
        <p className={styles.note} style={{ marginBottom: 8 }}>
          {t("channels:hook.help")}
        </p>
        <CopyField value={url} label={t("channels:hook.label")} testId="hook-url" />
      </div>
    </FormSection>
  );
}
