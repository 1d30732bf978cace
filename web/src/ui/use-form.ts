// The state of a form: what is saved, what was changed, which field the server refused and why.
// Values are flat; the server's field "imap.host" or "group_ids[0]" belongs to the value `imap_host` or `group_ids`.
import type { ChangeEvent } from "react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/http.ts";
import { errorText } from "./states.tsx";

/** The value's name for a field of a problem: "auto_reply.text" -> "auto_reply_text", "group_ids[2]" -> "group_ids". */
export function fieldKey(field: string): string {
  return field.replace(/\[\d+\].*$/, "").replaceAll(".", "_");
}

/** The values of `edits` that differ from `saved`. */
export function changedValues<T extends object>(saved: T, edits: Partial<T>): Partial<T> {
  const changed: Partial<T> = {};
  for (const key of Object.keys(edits) as (keyof T)[]) {
    if (JSON.stringify(edits[key]) !== JSON.stringify(saved[key])) changed[key] = edits[key];
  }
  return changed;
}

type KeysOf<T, V> = { [K in keyof T]-?: T[K] extends V ? K : never }[keyof T] & string;
type TextEvent = ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>;

export interface Form<T extends object> {
  values: T;
  /** What differs from what is saved. */
  changed: Partial<T>;
  dirty: boolean;
  errors: Record<string, string>;
  /** A failure that belongs to no field. */
  message: string | null;
  set: (change: Partial<T>) => void;
  /** Back to what is saved; also after saving, when the new `saved` is there. */
  reset: () => void;
  /** Shows a refusal: beside its fields, else as `message`. */
  fail: (error: unknown) => void;
  /** Complaints found before asking the server; true when there are none. */
  complain: (errors: Record<string, string | undefined>) => boolean;
  text: <K extends KeysOf<T, string>>(
    key: K,
  ) => { value: string; onChange: (event: TextEvent) => void; error?: string };
  choice: <K extends keyof T & string>(
    key: K,
  ) => { value: T[K]; onChange: (value: T[K] | null) => void; error?: string };
  flag: <K extends KeysOf<T, boolean>>(
    key: K,
  ) => { checked: boolean; onChange: (event: ChangeEvent<HTMLInputElement>) => void };
}

export function useForm<T extends object>(saved: T): Form<T> {
  const { t } = useTranslation();
  const [edits, setEdits] = useState<Partial<T>>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [message, setMessage] = useState<string | null>(null);
  const values = { ...saved, ...edits };
  const changed = changedValues(saved, edits);

  const set = (change: Partial<T>) => {
    setEdits((old) => ({ ...old, ...change }));
    setErrors((old) => Object.fromEntries(Object.entries(old).filter(([key]) => !(key in change))));
    setMessage(null);
  };
  const show = (found: Record<string, string>) => {
    setErrors(found);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return {
    values,
    changed,
    dirty: Object.keys(changed).length > 0,
    errors,
    message,
    set,
    reset: () => {
      setEdits({});
      setErrors({});
      setMessage(null);
    },
    fail: (error) => {
      const all = error instanceof ApiError ? Object.entries(error.fields) : [];
      const known = all
        .map(([field, text]) => [fieldKey(field), text] as const)
        .filter(([key]) => key in values);
      show(Object.fromEntries(known));
      setMessage(known.length > 0 ? t("common:checkFields") : errorText(error, t));
    },
    complain: (found) => {
      const real = Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined);
      if (real.length > 0) show(Object.fromEntries(real));
      return real.length === 0;
    },
    text: (key) => ({
      value: values[key] as string,
      onChange: (event) => set({ [key]: event.currentTarget.value } as Partial<T>),
      error: errors[key],
    }),
    choice: (key) => ({
      value: values[key],
      onChange: (value) => {
        if (value !== null) set({ [key]: value } as unknown as Partial<T>);
      },
      error: errors[key],
    }),
    flag: (key) => ({
      checked: values[key] as boolean,
      onChange: (event) => set({ [key]: event.currentTarget.checked } as Partial<T>),
    }),
  };
}
