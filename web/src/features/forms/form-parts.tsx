// The parts of a form that are not its fields: its words and colour, and what becomes of the answers.
import { NativeSelect, Radio, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Priority, TicketType, WebForm } from "@/api/types.ts";
import { FormSection } from "@/ui/page.tsx";
import type { Form } from "@/ui/use-form.ts";
import { type BuilderValues, defaultColor } from "./form-model.ts";
import { LineSelect } from "./form-new-page.tsx";
import styles from "./forms.module.css";
import { openLinesQuery } from "./queries.ts";

interface Props {
  form: Form<BuilderValues>;
}

export function FormTexts({ form }: Props) {
  const { t } = useTranslation();
  const { color, consent } = form.values;
  return (
    <>
      <FormSection title={t("forms:texts.words")}>
        <TextInput label={t("forms:texts.title")} {...form.text("title")} data-testid="form-title" />
        <Textarea
          label={t("forms:texts.text")}
          description={t("forms:texts.textHelp")}
          autosize
          minRows={2}
          {...form.text("text")}
        />
        <TextInput
          label={t("forms:texts.submit")}
          placeholder={t("forms:texts.submitDefault")}
          {...form.text("submit_text")}
        />
        <Textarea
          label={t("forms:texts.thanks")}
          description={t("forms:texts.thanksHelp", { number: "{{number}}" })}
          autosize
          minRows={2}
          {...form.text("thanks_text")}
        />
        <TextInput
          label={t("forms:texts.color")}
          placeholder={defaultColor}
          leftSection={
            <input
              type="color"
              className={styles.color}
              aria-label={t("forms:texts.chooseColor")}
              value={/^#[0-9a-f]{6}$/i.test(color) ? color : defaultColor}
              onChange={(event) => form.set({ color: event.currentTarget.value.toUpperCase() })}
            />
          }
          leftSectionPointerEvents="auto"
          className={styles.short}
          {...form.text("color")}
        />
      </FormSection>
      <FormSection title={t("forms:consent.section")} text={t("forms:consent.text")}>
        <Switch
          label={t("forms:consent.ask")}
          checked={consent}
          onChange={(event) => {
            const next = event.currentTarget.checked;
            const empty = form.values.consent_text.trim() === "";
            form.set(
              next && empty ? { consent: next, consent_text: t("forms:start.consent") } : { consent: next },
            );
          }}
          data-testid="form-consent"
        />
        {consent && (
          <>
            <Textarea label={t("forms:consent.words")} autosize minRows={1} {...form.text("consent_text")} />
            <TextInput
              label={t("forms:consent.url")}
              description={t("forms:consent.urlHelp")}
              type="url"
              placeholder="https://example.com/privacy"
              {...form.text("consent_url")}
            />
          </>
        )}
      </FormSection>
    </>
  );
}

const types = ["question", "incident", "claim", "suggestion"] as const satisfies TicketType[];
const priorities = ["none", "low", "medium", "high"] as const satisfies Priority[];

export function FormOutcome({ form, line }: Props & { line: WebForm["line"] }) {
  const { t } = useTranslation();
  const lines = useQuery(openLinesQuery);
  const { ticket, subject, fields } = form.values;
  // The form's own line may be archived by now.
  const open = lines.data?.items ?? [];
  const offered = open.some((each) => each.id === line.id) ? open : [line, ...open];
  return (
    <>
      <FormSection title={t("forms:settings.where")}>
        <TextInput
          label={t("forms:settings.name")}
          description={t("forms:settings.nameHelp")}
          {...form.text("name")}
          data-testid="form-name"
        />
        <LineSelect lines={offered} {...form.text("line_id")} />
      </FormSection>
      <FormSection title={t("forms:outcome.section")}>
        <Radio.Group
          label={t("forms:outcome.kind")}
          value={ticket ? "ticket" : "conversation"}
          onChange={(next) => form.set({ ticket: next === "ticket" })}
        >
          <Stack gap={8} mt={6}>
            {(["conversation", "ticket"] as const).map((kind) => (
              <Radio
                key={kind}
                value={kind}
                label={t(`forms:outcome.kinds.${kind}`)}
                description={t(`forms:outcome.kindHelp.${kind}`)}
                data-testid={`outcome-${kind}`}
              />
            ))}
          </Stack>
        </Radio.Group>
        {ticket && (
          <div className={styles.pair}>
            <NativeSelect
              label={t("forms:outcome.type")}
              data={types.map((value) => ({ value, label: t(`desk:ticket.types.${value}`) }))}
              {...form.choice("ticket_type")}
              onChange={(event) => form.set({ ticket_type: event.currentTarget.value as TicketType })}
            />
            <NativeSelect
              label={t("forms:outcome.priority")}
              data={priorities.map((value) => ({ value, label: t(`desk:priority.${value}`) }))}
              {...form.choice("ticket_priority")}
              onChange={(event) => form.set({ ticket_priority: event.currentTarget.value as Priority })}
            />
          </div>
        )}
        <div>
          <TextInput
            label={t("forms:outcome.subject")}
            description={t("forms:outcome.subjectHelp")}
            {...form.text("subject")}
            data-testid="form-subject"
          />
          <div className={styles.chips}>
            {fields
              .filter((field) => field.name !== "" && field.type !== "file" && field.type !== "long_text")
              .map((field) => (
                <button
                  key={field.uid}
                  type="button"
                  className={styles.chip}
                  title={`{{${field.name}}}`}
                  onClick={() => form.set({ subject: `${subject.trimEnd()} {{${field.name}}}`.trimStart() })}
                >
                  + {field.label || field.name}
                </button>
              ))}
          </div>
        </div>
      </FormSection>
      <FormSection title={t("forms:protection.section")} text={t("forms:protection.text")}>
        <Switch
          label={t("forms:protection.puzzle")}
          description={t("forms:protection.puzzleHelp")}
          {...form.flag("puzzle")}
        />
      </FormSection>
    </>
  );
}
