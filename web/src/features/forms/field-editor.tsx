// One field of a form, opened: what it asks, how it is answered, what the answer means to the desk.
import { NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FormFieldMeaning, FormFieldType } from "@/api/types.ts";
import { type EditedField, meaningsOf, withType } from "./form-model.ts";
import styles from "./forms.module.css";

interface Props {
  field: EditedField;
  others: EditedField[];
  /** By attribute. */
  faults: Record<string, string>;
  onChange: (change: Partial<EditedField>) => void;
}

const types = [
  "text",
  "long_text",
  "email",
  "phone",
  "choice",
  "checkbox",
  "number",
  "date",
  "file",
  "hidden",
] as const satisfies FormFieldType[];

type Text = "name" | "label" | "help" | "placeholder" | "preset";

export function FieldEditor({ field, others, faults, onChange }: Props) {
  const { t } = useTranslation();
  const { type } = field;
  const text = (key: Text) => ({
    value: field[key],
    onChange: (event: { currentTarget: { value: string } }) => onChange({ [key]: event.currentTarget.value }),
    error: faults[key],
  });
  const meanings = meaningsOf(field);
  const takenBy = (means: FormFieldMeaning) => others.find((other) => other.means === means);
  return (
    <div className={styles.editor} data-testid="field-editor">
      <div className={styles.pair}>
        <TextInput
          label={t("forms:field.label")}
          description={type === "hidden" ? t("forms:field.hiddenLabelHelp") : undefined}
          {...text("label")}
          data-autofocus
          data-testid="field-label"
        />
        <NativeSelect
          label={t("forms:field.type")}
          description={type === "hidden" ? t("forms:field.hiddenHelp") : undefined}
          data={types.map((value) => ({ value, label: t(`forms:type.${value}`) }))}
          value={type}
          onChange={(event) => onChange(withType(field, event.currentTarget.value as FormFieldType))}
          error={faults.type}
          data-testid="field-type"
        />
      </div>
      {type === "choice" && (
        <Textarea
          label={t("forms:field.options")}
          description={t("forms:field.optionsHelp")}
          autosize
          minRows={3}
          value={field.options.join("\n")}
          onChange={(event) => {
            const options = event.currentTarget.value.split("\n");
            // An answer that is no longer offered cannot be chosen in advance.
            onChange(options.includes(field.preset) ? { options } : { options, preset: "" });
          }}
          error={faults.options}
          data-testid="field-options"
        />
      )}
      {type === "file" && <p className={styles.note}>{t("forms:field.fileHelp")}</p>}
      {type !== "hidden" && (
        <>
          <Switch
            label={type === "checkbox" ? t("forms:field.requiredTick") : t("forms:field.required")}
            checked={field.required}
            onChange={(event) => onChange({ required: event.currentTarget.checked })}
            data-testid="field-required"
          />
          <TextInput
            label={t("forms:field.help")}
            description={t("forms:field.helpHelp")}
            {...text("help")}
          />
        </>
      )}
      {(type === "text" ||
        type === "long_text" ||
        type === "email" ||
        type === "phone" ||
        type === "number") && (
        <div className={styles.pair}>
          <TextInput label={t("forms:field.placeholder")} {...text("placeholder")} />
          <TextInput label={t("forms:field.preset")} {...text("preset")} />
        </div>
      )}
      {type === "hidden" && (
        <TextInput
          label={t("forms:field.value")}
          description={t("forms:field.valueHelp")}
          {...text("preset")}
          data-testid="field-preset"
        />
      )}
      {type === "date" && (
        <TextInput type="date" label={t("forms:field.preset")} {...text("preset")} className={styles.short} />
      )}
      {type === "checkbox" && (
        <Switch
          label={t("forms:field.ticked")}
          checked={field.preset !== ""}
          // The word the server writes for a tick.
          onChange={(event) => onChange({ preset: event.currentTarget.checked ? "да" : "" })}
        />
      )}
      {type === "choice" && (
        <NativeSelect
          label={t("forms:field.preset")}
          data={[
            { value: "", label: t("forms:field.noPreset") },
            ...[...new Set(field.options)].filter((option) => option.trim() !== ""),
          ]}
          {...text("preset")}
        />
      )}
      <div className={styles.pair}>
        {meanings.length > 0 && (
          <NativeSelect
            label={t("forms:field.means")}
            description={t("forms:field.meansHelp")}
            data={[
              { value: "", label: t("forms:field.meansNothing") },
              ...meanings.map((value) => ({
                value,
                label: takenBy(value)
                  ? t("forms:field.meansTaken", { means: t(`forms:means.${value}`) })
                  : t(`forms:means.${value}`),
                disabled: takenBy(value) !== undefined && field.means !== value,
              })),
            ]}
            value={field.means ?? ""}
            onChange={(event) =>
              onChange({ means: (event.currentTarget.value || null) as FormFieldMeaning | null })
            }
            error={faults.means}
            data-testid="field-means"
          />
        )}
        <TextInput
          label={t("forms:field.name")}
          description={t("forms:field.nameHelp")}
          {...text("name")}
          spellCheck={false}
          data-testid="field-name"
        />
      </div>
    </div>
  );
}
