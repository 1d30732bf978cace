// An approved text instead of free words: chosen, its places filled in, shown as the client will see it.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "@/api/http.ts";
import type { Items, NewMessage, Route, Template } from "@/api/types.ts";
import { ErrorState } from "@/ui/states.tsx";
import styles from "./route-line.module.css";
import { asHtml, filled } from "./routes.ts";

interface Props {
  route: Route;
  onSend: (message: Pick<NewMessage, "html" | "template">) => void;
  /** Back to free words, where they may be sent. */
  onClose?: () => void;
  /** What was written before is still there. */
  kept?: boolean;
}

const keyOf = (template: Template) => `${template.name}|${template.language}`;

export function TemplatePicker({ route, onSend, onClose, kept = false }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState("");
  const [values, setValues] = useState<string[]>([]);
  const { data, error, refetch } = useQuery({
    queryKey: ["templates", route.channel_id],
    queryFn: ({ signal }) =>
      get<Items<Template>>(`/channels/${route.channel_id}/templates`, undefined, signal),
    enabled: route.channel_id !== null,
    staleTime: 60_000,
  });
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} compact />;
  const items = data?.items ?? [];
  const template = items.find((each) => keyOf(each) === chosen);
  const places = Array.from({ length: template?.parameters ?? 0 }, (_, index) => values[index] ?? "");
  const ready = template !== undefined && places.every((each) => each.trim() !== "");
  return (
    <div className={styles.template} data-testid="template-picker">
      <NativeSelect
        label={t("desk:template.choose")}
        description={data && items.length === 0 ? t("desk:template.none") : undefined}
        value={chosen}
        onChange={(event) => {
          setChosen(event.currentTarget.value);
          setValues([]);
        }}
        data={[
          { value: "", label: t("desk:template.pick"), disabled: true },
          ...items.map((each) => ({ value: keyOf(each), label: `${each.name} (${each.language})` })),
        ]}
        data-testid="template-select"
      />
      {template && (
        <>
          {places.length > 0 && (
            <div className={styles.places}>
              {places.map((value, index) => (
                <TextInput
                  // biome-ignore lint/suspicious/noArrayIndexKey: places are told apart by their number
                  key={index}
                  label={t("desk:template.place", { number: index + 1 })}
                  value={value}
                  onChange={(event) => setValues(places.with(index, event.currentTarget.value))}
                />
              ))}
            </div>
          )}
          <div className={styles.preview}>{filled(template.text, places)}</div>
        </>
      )}
      <div className={styles.templateBottom}>
        {kept && <span className={styles.kept}>{t("desk:template.kept")}</span>}
        {onClose && (
          <Button size="xs" h={32} variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
        )}
        <Button
          size="xs"
          h={32}
          disabled={!ready}
          onClick={() => {
            if (!template) return;
            const { name, language, text } = template;
            onSend({ html: asHtml(filled(text, places)), template: { name, language, parameters: places } });
          }}
          data-testid="template-send"
        >
          {t("desk:template.send")}
        </Button>
      </div>
    </div>
  );
}
