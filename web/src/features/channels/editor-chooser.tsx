// Where else a visitor may write: the first page of the widget offers these.
import { NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChannelMark, type MarkKind } from "@/ui/channel-mark.tsx";
import styles from "./channels.module.css";
import { EditorFrame, EditorRows } from "./editor-frame.tsx";
import type { JsonEditorProps } from "./json-field.tsx";

const kinds = ["chat", "telegram", "whatsapp", "vk", "max", "viber", "mail", "phone", "custom"] as const;

interface Choice {
  kind: (typeof kinds)[number];
  url?: string | null;
  title: string;
}

const examples: Partial<Record<Choice["kind"], string>> = {
  telegram: "https://t.me/…",
  whatsapp: "https://wa.me/7…",
  vk: "https://vk.me/…",
  max: "https://max.ru/…",
  viber: "viber://pa?chatURI=…",
  phone: "tel:+7…",
};

export function ChooserEditor({ field, value, onChange, error }: JsonEditorProps) {
  const { t } = useTranslation();
  const rows = (Array.isArray(value) ? value : []) as Choice[];
  const named = (kind: Choice["kind"]): Choice => ({
    kind,
    title: t(`channels:editor.choice.${kind}`),
    url: null,
  });
  const own = (kind: Choice["kind"]) => kind === "chat" || kind === "mail";
  return (
    <EditorFrame field={field} error={error}>
      <EditorRows
        rows={rows}
        onChange={onChange}
        empty={t("channels:editor.noChoices")}
        add={t("channels:editor.addChoice")}
        fresh={() => named(kinds.find((kind) => !rows.some((row) => row.kind === kind)) ?? "custom")}
        limit={10}
      >
        {(row, change) => (
          <>
            <ChannelMark kind={row.kind === "mail" ? "email" : (row.kind as MarkKind)} size={20} colored />
            <NativeSelect
              aria-label={t("channels:editor.what")}
              value={row.kind}
              onChange={(event) => change(named(event.currentTarget.value as Choice["kind"]))}
              data={kinds.map((kind) => ({ value: kind, label: t(`channels:editor.choice.${kind}`) }))}
            />
            <TextInput
              aria-label={t("channels:editor.words")}
              placeholder={t("channels:editor.words")}
              value={row.title}
              onChange={(event) => change({ title: event.currentTarget.value })}
              className={styles.grow}
            />
            {!own(row.kind) && (
              <TextInput
                aria-label={t("channels:editor.address")}
                placeholder={examples[row.kind] ?? "https://…"}
                value={row.url ?? ""}
                onChange={(event) => change({ url: event.currentTarget.value || null })}
                className={styles.grow}
              />
            )}
          </>
        )}
      </EditorRows>
    </EditorFrame>
  );
}
