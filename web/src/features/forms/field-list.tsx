// The fields of a form in their order: moved by the handle, by its arrow keys or by buttons; one is open at a time.
import { Button, Menu, VisuallyHidden } from "@mantine/core";
import {
  IconChevronDown,
  IconChevronRight,
  IconChevronUp,
  IconGripVertical,
  IconPlus,
  IconTrash,
} from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FormField, FormFieldType } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { FieldEditor } from "./field-editor.tsx";
import { fieldIcons } from "./field-icons.tsx";
import { type EditedField, emptyField, type Faults, freeName, moved } from "./form-model.ts";
import styles from "./forms.module.css";

interface Props {
  fields: EditedField[];
  faults: Faults["fields"];
  /** Of the list itself. */
  error?: string;
  opened: string | null;
  onOpen: (uid: string | null) => void;
  onChange: (fields: EditedField[]) => void;
  /** These attributes of a field were changed after the server refused them. */
  onFixed: (uid: string, attributes: string[]) => void;
}

const small = { size: 18, stroke: 1.5 } as const;
const most = 40;

export function FieldList({ fields, faults, error, opened, onOpen, onChange, onFixed }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState("");

  const nameOf = (field: EditedField) => field.label || field.name || t("forms:field.untitled");
  const move = (from: number, to: number) => {
    const field = fields[from];
    if (!field || to < 0 || to >= fields.length) return;
    onChange(moved(fields, from, to));
    setSaid(t("forms:field.movedTo", { name: nameOf(field), place: to + 1, all: fields.length }));
  };
  const drag = (y: number) => {
    const from = fields.findIndex((field) => field.uid === dragged);
    const rows = [...(list.current?.children ?? [])].map((row) => row.getBoundingClientRect());
    // A neighbour gives way when the pointer passes its middle.
    const up = rows[from - 1];
    const down = rows[from + 1];
    if (up && y < up.top + up.height / 2) move(from, from - 1);
    else if (down && y > down.top + down.height / 2) move(from, from + 1);
  };
  const latestDrag = useRef(drag);
  useEffect(() => {
    latestDrag.current = drag;
  });
  // On the window: a row that moves in the document loses the pointer it had captured.
  useEffect(() => {
    if (dragged === null) return;
    const follow = (event: PointerEvent) => latestDrag.current(event.clientY);
    const stop = () => setDragged(null);
    addEventListener("pointermove", follow);
    addEventListener("pointerup", stop);
    addEventListener("pointercancel", stop);
    return () => {
      removeEventListener("pointermove", follow);
      removeEventListener("pointerup", stop);
      removeEventListener("pointercancel", stop);
    };
  }, [dragged]);
  const add = (own: Partial<FormField> & { name: string }) => {
    const field = { ...emptyField, ...own, name: freeName(own.name, fields), uid: `new ${Date.now()}` };
    onChange([...fields, field]);
    onOpen(field.uid);
  };

  return (
    <section className={styles.card} aria-label={t("forms:tab.fields")}>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      <ol ref={list} className={styles.list}>
        {fields.map((field, index) => {
          const open = field.uid === opened;
          const wrong = Object.keys(faults[field.uid] ?? {}).length > 0;
          return (
            <li
              key={field.uid}
              className={styles.field}
              data-dragged={field.uid === dragged || undefined}
              data-wrong={wrong || undefined}
              data-testid="field"
            >
              <div className={styles.fieldHead}>
                <button
                  type="button"
                  className={styles.grip}
                  aria-label={t("forms:field.drag", { name: nameOf(field) })}
                  onPointerDown={(event) => {
                    if (event.button !== 0) return;
                    // Nothing gets selected on the way.
                    event.preventDefault();
                    event.currentTarget.focus();
                    event.currentTarget.releasePointerCapture(event.pointerId);
                    onOpen(null);
                    setDragged(field.uid);
                  }}
                  onKeyDown={(event) => {
                    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
                    if (!step) return;
                    event.preventDefault();
                    move(index, index + step);
                  }}
                  data-testid="field-grip"
                >
                  <IconGripVertical {...small} />
                </button>
                <button
                  type="button"
                  className={styles.fieldName}
                  aria-expanded={open}
                  onClick={() => onOpen(open ? null : field.uid)}
                  data-testid="field-open"
                >
                  {fieldIcons[field.type]}
                  <span className={styles.fieldWords}>
                    <span>
                      {nameOf(field)}
                      {field.required && <span className={styles.star}>{"\u00a0*"}</span>}
                    </span>
                    <span className={styles.note}>
                      {t(`forms:type.${field.type}`)}
                      {field.means && ` · ${t(`forms:means.${field.means}`)}`}
                    </span>
                  </span>
                  <IconChevronRight {...small} className={styles.fold} />
                </button>
                <IconButton
                  label={t("forms:field.up")}
                  disabled={index === 0}
                  onClick={() => move(index, index - 1)}
                  data-testid="field-up"
                >
                  <IconChevronUp {...small} />
                </IconButton>
                <IconButton
                  label={t("forms:field.down")}
                  disabled={index === fields.length - 1}
                  onClick={() => move(index, index + 1)}
                  data-testid="field-down"
                >
                  <IconChevronDown {...small} />
                </IconButton>
                <IconButton
                  label={t("forms:field.delete")}
                  onClick={() => onChange(fields.filter((each) => each.uid !== field.uid))}
                  data-testid="field-delete"
                >
                  <IconTrash {...small} />
                </IconButton>
              </div>
              {open && (
                <FieldEditor
                  field={field}
                  others={fields.filter((each) => each.uid !== field.uid)}
                  faults={faults[field.uid] ?? {}}
                  onChange={(change) => {
                    onChange(fields.map((each) => (each.uid === field.uid ? { ...each, ...change } : each)));
                    if (wrong) onFixed(field.uid, Object.keys(change));
                  }}
                />
              )}
            </li>
          );
        })}
      </ol>
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      <AddField fields={fields} onAdd={add} />
    </section>
  );
}

const types = [
  "text",
  "long_text",
  "choice",
  "checkbox",
  "number",
  "date",
  "file",
  "hidden",
] as const satisfies FormFieldType[];

function AddField({
  fields,
  onAdd,
}: {
  fields: EditedField[];
  onAdd: (own: Partial<FormField> & { name: string }) => void;
}) {
  const { t } = useTranslation();
  const free = (["name", "email", "phone", "subject", "text"] as const).filter(
    (means) => !fields.some((field) => field.means === means),
  );
  const typeOf = {
    name: "text",
    email: "email",
    phone: "phone",
    subject: "text",
    text: "long_text",
  } as const;
  const first = { text: "text", long_text: "text", hidden: "source" } as Partial<
    Record<FormFieldType, string>
  >;
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconPlus size={18} stroke={1.5} />}
          disabled={fields.length >= most}
          className={styles.add}
          data-testid="field-add"
        >
          {t("forms:field.add")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {free.length > 0 && <Menu.Label>{t("forms:field.aboutClient")}</Menu.Label>}
        {free.map((means) => (
          <Menu.Item
            key={means}
            leftSection={fieldIcons[typeOf[means]]}
            onClick={() =>
              onAdd({
                name: means === "text" ? "message" : means,
                type: typeOf[means],
                label: t(`forms:start.field.${means === "text" ? "message" : means}`),
                means,
              })
            }
            data-testid={`add-${means}`}
          >
            {t(`forms:means.${means}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t("forms:field.any")}</Menu.Label>
        {types.map((type) => (
          <Menu.Item
            key={type}
            leftSection={fieldIcons[type]}
            onClick={() => onAdd({ name: first[type] ?? type, type })}
            data-testid={`add-type-${type}`}
          >
            {t(`forms:type.${type}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
