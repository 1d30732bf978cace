// The settings of a chat on a site, in the order a visitor meets them, with the real widget beside them.
import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Channel, ChannelField } from "@/api/types.ts";
import { CopyField } from "@/ui/copy-field.tsx";
import { FormSection } from "@/ui/page.tsx";
import type { Form } from "@/ui/use-form.ts";
import { type ChannelValues, keyOf, settingsOf } from "./channel-form.ts";
import styles from "./channels.module.css";
import { SchemaFields } from "./schema-fields.tsx";
import { siteSections } from "./site-config.ts";
import { SitePreview } from "./site-preview.tsx";

interface Props {
  channel: Channel;
  fields: readonly ChannelField[];
  form: Form<ChannelValues>;
  stored: Record<string, unknown>;
  where: ReactNode;
}

export function SiteForm({ channel, fields, form, stored, where }: Props) {
  const { t } = useTranslation();
  const wide = useMediaQuery("(min-width: 1100px)", undefined, { getInitialValueInEffect: false }) ?? true;
  const origin = window.location.origin;
  const code = `<script async src="${origin}/widget.js" data-key="${channel.hook_key}"></script>`;
  const preview = <SitePreview settings={settingsOf(form.values, fields)} />;
  return (
    <div className={styles.site}>
      <div className={styles.siteForm}>
        <FormSection title={t("channels:site.code")} text={t("channels:site.codeText")}>
          <CopyField value={code} label={t("channels:site.code")} testId="embed-code" />
        </FormSection>
        {!wide && preview}
        {siteSections(fields).map(({ section, fields: shown }) => (
          <FormSection
            key={section}
            title={t(`channels:site.${section}`)}
            text={section === "rest" ? undefined : t(`channels:site.${section}Text`)}
          >
            <SchemaFields
              form={form}
              fields={shown.filter((field) => applies(field, form))}
              stored={stored}
            />
          </FormSection>
        ))}
        {where}
      </div>
      {wide && <div className={styles.sitePreview}>{preview}</div>}
    </div>
  );
}

/** Minutes of something that is switched off are not asked for. */
function applies(field: ChannelField, form: Form<ChannelValues>): boolean {
  if (field.name === "mail_after_minutes") return form.values[keyOf({ name: "mail_unseen" })] !== false;
  if (field.name === "offline_mode" || field.name === "offline_text") {
    return form.values[keyOf({ name: "hours" })] !== "always";
  }
  return true;
}
