// How far from the corner the button stands, on a desk and on a phone.
import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import styles from "./channels.module.css";
import { EditorFrame } from "./editor-frame.tsx";
import type { JsonEditorProps } from "./json-field.tsx";

type Offsets = Record<"desktop" | "mobile", { x: number; y: number }>;

export function OffsetsEditor({ field, value, onChange, error }: JsonEditorProps) {
  const { t } = useTranslation();
  const offsets: Offsets = {
    desktop: { x: 20, y: 20 },
    mobile: { x: 12, y: 12 },
    ...(value as Partial<Offsets> | null),
  };
  return (
    <EditorFrame field={field} error={error}>
      <div className={styles.offsets}>
        {(["desktop", "mobile"] as const).flatMap((device) =>
          (["x", "y"] as const).map((axis) => (
            <TextInput
              key={`${device}-${axis}`}
              label={t(`channels:editor.offset.${device}.${axis}`)}
              inputMode="numeric"
              value={String(offsets[device][axis])}
              onChange={(event) => {
                const pixels = Math.min(400, Number(event.currentTarget.value.replace(/\D/g, "")) || 0);
                onChange({ ...offsets, [device]: { ...offsets[device], [axis]: pixels } });
              }}
            />
          )),
        )}
      </div>
    </EditorFrame>
  );
}
