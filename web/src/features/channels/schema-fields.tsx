// A form drawn from what a channel's kind asks for. A field of JSON has an editor of its own, or is typed as it is.
import { ColorInput, NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelField } from "@/api/types.ts";
import { PasswordField } from "@/ui/password-field.tsx";
import type { Form } from "@/ui/use-form.ts";
import { type ChannelValues, keyOf } from "./channel-form.ts";
import styles from "./channels.module.css";
import { JsonField } from "./json-field.tsx";
import { SigningKey } from "./signing-key.tsx";
import { siteEditors } from "./site-editors.tsx";

interface Props {
  form: Form<ChannelValues>;
  fields: readonly ChannelField[];
  /** Of a channel that exists: its secrets may stay as they are. */
  stored?: Record<string, unknown>;
}

/** What nearly nobody changes is folded away. */
const isAdvanced = (field: ChannelField) => field.name === "api_url";

export function SchemaFields({ form, fields, stored }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const advanced = fields.filter(isAdvanced);
  const wrong = advanced.some((field) => form.errors[keyOf(field)]);
  const shown = opened || wrong;
  return (
    <>
      {fields
        .filter((field) => !isAdvanced(field))
        .map((field) => (
          <SchemaField key={field.name} form={form} field={field} stored={stored} />
        ))}
      {advanced.length > 0 && (
        <div>
          <button
            type="button"
            className={styles.fold}
            aria-expanded={shown}
            onClick={() => setOpened(!opened)}
          >
            <IconChevronRight size={16} stroke={1.75} />
            {t("channels:form.advanced")}
          </button>
          {shown && (
            <div className={styles.folded}>
              {advanced.map((field) => (
                <SchemaField key={field.name} form={form} field={field} stored={stored} />
              ))}
            </div>
          )}
        </div>
      )}
    </>
  );
}

export function SchemaField({ form, field, stored }: Omit<Props, "fields"> & { field: ChannelField }) {
  const { t } = useTranslation();
  const key = keyOf(field);
  const value = form.values[key];
  const set = (next: unknown) => form.set({ [key]: next } as Partial<ChannelValues>);
  const common = {
    label: field.label,
    description: field.help || undefined,
    error: form.errors[key],
    required: field.required,
    withAsterisk: false,
    "data-testid": `setting-${field.name}`,
  };
  const text = {
    ...common,
    value: String(value ?? ""),
    onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value),
  };
  const Own = siteEditors[field.name];
  if (Own) return <Own field={field} value={value} onChange={set} error={form.errors[key]} />;
  switch (field.kind) {
    case "boolean":
      return (
        <Switch
          label={field.label}
          description={field.help || undefined}
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
          data-testid={`setting-${field.name}`}
        />
      );
    case "secret": {
      if (field.name === "identity_secret") {
        return (
          <SigningKey
            field={field}
            value={String(value ?? "")}
            stored={stored?.[`has_${field.name}`] === true}
            onChange={set}
            error={form.errors[key]}
          />
        );
      }
      const kept = stored?.[`has_${field.name}`] === true;
      return (
        <PasswordField
          {...text}
          description={kept ? t("channels:form.keepSecret") : text.description}
          placeholder={kept ? "••••••••" : undefined}
          autoComplete="off"
        />
      );
    }
    case "select":
      return <NativeSelect {...text} data={field.options} />;
    case "long_text":
      return <Textarea {...text} autosize minRows={2} maxRows={8} />;
    case "number":
      return <TextInput {...text} inputMode="numeric" className={styles.short} />;
    case "color":
      return (
        <ColorInput
          {...common}
          value={String(value ?? "")}
          onChange={set}
          format="hex"
          swatches={swatches}
          swatchesPerRow={8}
          className={styles.short}
          eyeDropperButtonProps={{ "aria-label": t("channels:form.eyeDropper") }}
          popoverProps={{ withinPortal: true }}
        />
      );
    case "json":
      return <JsonField field={field} value={value} onChange={set} error={form.errors[key]} />;
    default:
      return <TextInput {...text} type={field.kind === "url" ? "url" : "text"} autoComplete="off" />;
  }
}

const swatches = ["#5b5bd6", "#0b7285", "#2b7a3f", "#8a5a00", "#b4461f", "#b4232c", "#a6336f", "#1b1c22"];
