// The frame of an editor: its name, its help, what the server said against it; and rows that are added, moved and taken away.
import { Button } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { ChannelField } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import styles from "./channels.module.css";

interface FrameProps {
  field: ChannelField;
  error?: string;
  children: ReactNode;
}

export function EditorFrame({ field, error, children }: FrameProps) {
  const id = useId();
  return (
    <fieldset className={styles.editor} aria-describedby={id} data-testid={`setting-${field.name}`}>
      <legend className={styles.label}>{field.label}</legend>
      {field.help && <p className={styles.note}>{field.help}</p>}
      {children}
      <p id={id} className={styles.error} role={error ? "alert" : undefined}>
        {error}
      </p>
    </fieldset>
  );
}

interface RowsProps<T> {
  rows: readonly T[];
  onChange: (rows: T[]) => void;
  empty: string;
  add: string;
  fresh: () => T;
  limit?: number;
  children: (row: T, change: (part: Partial<T>) => void, index: number) => ReactNode;
}

export function EditorRows<T extends object>({
  rows,
  onChange,
  empty,
  add,
  fresh,
  limit = 20,
  children,
}: RowsProps<T>) {
  const { t } = useTranslation();
  const swap = (from: number, to: number) => {
    const next = [...rows];
    const [moved] = next.splice(from, 1);
    if (moved) next.splice(to, 0, moved);
    onChange(next);
  };
  return (
    <>
      {rows.length === 0 ? (
        <p className={styles.note}>{empty}</p>
      ) : (
        <ul className={styles.editorRows}>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
            <li key={index} className={styles.editorRow}>
              <div className={styles.editorFields}>
                {children(
                  row,
                  (part) => onChange(rows.map((each, at) => (at === index ? { ...each, ...part } : each))),
                  index,
                )}
              </div>
              <div className={styles.editorTools}>
                {rows.length > 1 && (
                  <>
                    <IconButton
                      label={t("channels:editor.up")}
                      size={28}
                      disabled={index === 0}
                      onClick={() => swap(index, index - 1)}
                    >
                      <IconArrowUp size={16} stroke={1.5} />
                    </IconButton>
                    <IconButton
                      label={t("channels:editor.down")}
                      size={28}
                      disabled={index === rows.length - 1}
                      onClick={() => swap(index, index + 1)}
                    >
                      <IconArrowDown size={16} stroke={1.5} />
                    </IconButton>
                  </>
                )}
                <IconButton
                  label={t("channels:editor.remove")}
                  size={28}
                  onClick={() => onChange(rows.filter((_, at) => at !== index))}
                >
                  <IconTrash size={16} stroke={1.5} />
                </IconButton>
              </div>
            </li>
          ))}
        </ul>
      )}
      {rows.length < limit && (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={16} stroke={1.5} />}
            onClick={() => onChange([...rows, fresh()])}
          >
            {add}
          </Button>
        </div>
      )}
    </>
  );
}
