// A web form as the builder holds it, and back. Pure.
import type {
  FormDefinition,
  FormField,
  FormFieldMeaning,
  FormFieldType,
  Priority,
  TicketType,
  WebForm,
  WebFormPatch,
} from "@/api/types.ts";

export interface EditedField extends FormField {
  /** Stays the same while the field is renamed and moved. */
  uid: string;
}

export interface BuilderValues {
  name: string;
  line_id: string;
  title: string;
  text: string;
  submit_text: string;
  thanks_text: string;
  color: string;
  consent: boolean;
  consent_text: string;
  consent_url: string;
  ticket: boolean;
  ticket_type: TicketType;
  ticket_priority: Priority;
  subject: string;
  puzzle: boolean;
  fields: EditedField[];
}

/** On which tab of the builder a value is shown. */
export const tabOf: Record<keyof BuilderValues, "fields" | "texts" | "outcome"> = {
  name: "outcome",
  line_id: "outcome",
  title: "texts",
  text: "texts",
  submit_text: "texts",
  thanks_text: "texts",
  color: "texts",
  consent: "texts",
  consent_text: "texts",
  consent_url: "texts",
  ticket: "outcome",
  ticket_type: "outcome",
  ticket_priority: "outcome",
  subject: "outcome",
  puzzle: "outcome",
  fields: "fields",
};

export const defaultColor = "#5B5BD6";

export function builderValues(form: WebForm): BuilderValues {
  const { definition } = form;
  const { outcome } = definition;
  return {
    name: form.name,
    line_id: form.line.id,
    title: definition.title,
    text: definition.text,
    submit_text: definition.submit_text,
    thanks_text: definition.thanks_text,
    color: definition.color,
    consent: definition.consent !== null,
    consent_text: definition.consent?.text ?? "",
    consent_url: definition.consent?.url ?? "",
    ticket: outcome.ticket,
    ticket_type: outcome.type ?? "question",
    ticket_priority: outcome.priority ?? "none",
    subject: outcome.subject,
    puzzle: definition.puzzle,
    fields: definition.fields.map((field) => ({ ...field, uid: field.name })),
  };
}

export function definitionOf(values: BuilderValues): FormDefinition {
  return {
    title: values.title,
    text: values.text,
    submit_text: values.submit_text,
    thanks_text: values.thanks_text,
    color: values.color.trim(),
    puzzle: values.puzzle,
    consent: values.consent ? { text: values.consent_text, url: values.consent_url.trim() } : null,
    outcome: {
      ticket: values.ticket,
      type: values.ticket ? values.ticket_type : null,
      priority: values.ticket ? values.ticket_priority : null,
      subject: values.subject,
    },
    fields: values.fields.map(({ uid: _, ...field }) => ({
      ...field,
      options:
        field.type === "choice"
          ? field.options.map((option) => option.trim()).filter((option) => option)
          : [],
    })),
  };
}

/** The definition goes whole, as the server takes it. */
export function formPatch(values: BuilderValues, changed: Partial<BuilderValues>): WebFormPatch {
  const { name, line_id, ...rest } = changed;
  const patch: WebFormPatch = {};
  if (name !== undefined) patch.name = name;
  if (line_id !== undefined) patch.line_id = line_id;
  if (Object.keys(rest).length > 0) patch.definition = definitionOf(values);
  return patch;
}

export interface Faults {
  /** By the name of a value. */
  values: Record<string, string>;
  /** By the field's uid, then by what is wrong in it. */
  fields: Record<string, Record<string, string>>;
}

/** Where the server's complaints belong: "definition.fields[2].options" -> the options of the third field sent. */
export function faultsOf(errors: Record<string, string>, sent: readonly EditedField[]): Faults {
  const faults: Faults = { values: {}, fields: {} };
  for (const [path, text] of Object.entries(errors)) {
    const [, index, attribute] = path.match(/^definition\.fields\[(\d+)\]\.(\w+)/) ?? [];
    const uid = index === undefined ? undefined : sent[Number(index)]?.uid;
    if (uid !== undefined && attribute !== undefined) {
      faults.fields[uid] = { ...faults.fields[uid], [attribute]: text };
    } else {
      const key = path
        .replace(/^definition\./, "")
        .replace(/^outcome\./, "")
        .replaceAll(".", "_");
      if (key in tabOf) faults.values[key] = text;
    }
  }
  return faults;
}

/** `list` with the item at `from` moved to `to`; the same list when that is outside. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  if (to < 0 || to >= list.length) return next;
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

/** "email", then "email_2", "email_3". */
export function freeName(base: string, fields: readonly FormField[]): string {
  const taken = new Set(fields.map((field) => field.name));
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

const means: Record<FormFieldType, FormFieldMeaning[]> = {
  text: ["name", "subject", "text"],
  long_text: ["text", "subject"],
  email: ["email"],
  phone: ["phone"],
  number: [],
  date: [],
  choice: ["subject"],
  checkbox: [],
  file: [],
  hidden: ["subject"],
};

/** What an answer of this type can mean, with what is set now. */
export function meaningsOf(field: FormField): FormFieldMeaning[] {
  const fitting = means[field.type];
  return field.means === null || fitting.includes(field.means) ? fitting : [...fitting, field.means];
}

/** The field with another type: keeps what still makes sense. */
export function withType<T extends FormField>(field: T, type: FormFieldType): T {
  const simple = (kind: FormFieldType) => kind === "text" || kind === "long_text" || kind === "hidden";
  return {
    ...field,
    type,
    means: field.means !== null && means[type].includes(field.means) ? field.means : null,
    preset: simple(field.type) && simple(type) ? field.preset : "",
    required: type === "hidden" ? false : field.required,
  };
}

export const emptyField: FormField = {
  name: "",
  type: "text",
  label: "",
  help: "",
  placeholder: "",
  required: false,
  options: [],
  preset: "",
  means: null,
};
