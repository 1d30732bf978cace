// What a visitor is asked before the chat begins.
import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import styles from "./channels.module.css";
import { EditorFrame, EditorRows } from "./editor-frame.tsx";
import type { JsonEditorProps } from "./json-field.tsx";

interface Question {
  name: string;
  label: string;
  required: boolean;
}

const known = ["name", "email", "phone"] as const;

export function FieldsEditor({ field, value, onChange, error }: JsonEditorProps) {
  const { t } = useTranslation();
  const rows = (Array.isArray(value) ? value : []) as Question[];
  const kindOf = (row: Question) => known.find((each) => each === row.name) ?? "own";
  const free = (row?: Question) =>
    known.filter((each) => each === row?.name || !rows.some((other) => other.name === each));
  const ownName = () => {
    let number = 1;
    while (rows.some((row) => row.name === `field_${number}`)) number += 1;
    return `field_${number}`;
  };
  const named = (kind: string): Partial<Question> =>
    kind === "own"
      ? { name: ownName(), label: "" }
      : { name: kind, label: t(`channels:editor.question.${kind}`) };
  return (
    <EditorFrame field={field} error={error}>
      <EditorRows
        rows={rows}
        onChange={onChange}
        empty={t("channels:editor.noQuestions")}
        add={t("channels:editor.addQuestion")}
        fresh={() => ({ required: false, ...named(free()[0] ?? "own") }) as Question}
        limit={8}
      >
        {(row, change) => (
          <>
            <NativeSelect
              aria-label={t("channels:editor.what")}
              value={kindOf(row)}
              onChange={(event) => change(named(event.currentTarget.value))}
              data={[...free(row), "own"].map((kind) => ({
                value: kind,
                label: t(`channels:editor.question.${kind}`),
              }))}
            />
            <TextInput
              aria-label={t("channels:editor.words")}
              placeholder={t("channels:editor.words")}
              value={row.label}
              onChange={(event) => change({ label: event.currentTarget.value })}
              className={styles.grow}
            />
            <Checkbox
              label={t("channels:editor.required")}
              checked={row.required}
              onChange={(event) => change({ required: event.currentTarget.checked })}
            />
          </>
        )}
      </EditorRows>
    </EditorFrame>
  );
}
