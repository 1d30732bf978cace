// What conversations of the line are called, with an example beside the template.
import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { fillTemplate, type TemplateVariable } from "@/lib/letter-template.ts";
import type { Form } from "@/ui/use-form.ts";
import styles from "./admin.module.css";
import type { LineValues } from "./line-form.ts";
import { useSample, Variables } from "./line-letters.tsx";

const variables = [
  "line",
  "client",
  "channel",
  "date",
  "subject",
  "number",
] as const satisfies TemplateVariable[];

export function LineTitle({ form }: { form: Form<LineValues> }) {
  const { t } = useTranslation();
  const sample = useSample(form);
  const { conversation_title: title } = form.values;
  const insert = (variable: string) =>
    form.set({
      conversation_title: `${title}${title === "" || title.endsWith(" ") ? "" : " "}{{${variable}}}`,
    });
  // Staff read its own name here, not the one for clients.
  const example = fillTemplate(title, { ...sample, line: form.values.name });
  return (
    <div>
      <TextInput
        label={t("admin:line.conversationTitle")}
        description={t("admin:line.conversationTitleHelp")}
        placeholder={t("admin:line.conversationTitleEmpty")}
        {...form.text("conversation_title")}
        data-testid="line-conversation-title"
      />
      <Variables variables={variables} onInsert={insert} />
      {title.trim() !== "" && (
        <p className={styles.example} data-testid="line-title-example">
          {t("admin:line.conversationTitleExample", { title: example })}
        </p>
      )}
    </div>
  );
}
