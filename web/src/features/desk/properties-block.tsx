// The properties of the conversation that an administrator defined, filled in right here.
import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Id, Items, Property } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import styles from "./panel.module.css";
import { PanelBlock } from "./panel-block.tsx";
import { propertiesQuery } from "./queries.ts";

export function PropertiesBlock({ id }: { id: Id }) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const { data } = useQuery(propertiesQuery(id));
  // Most installations define none: then there is no block.
  if (!data || data.items.length === 0) return null;
  const save = async (key: string, value: string) => {
    const path = `/conversations/${id}/properties`;
    try {
      const saved = await put<Items<Property>>(path, { values: { [key]: value || null } });
      client.setQueryData(propertiesQuery(id).queryKey, saved);
    } catch (error) {
      notifyError(error);
      await client.invalidateQueries({ queryKey: propertiesQuery(id).queryKey });
    }
  };
  return (
    <PanelBlock id="properties" title={t("desk:properties.title")}>
      <dl className={styles.fields}>
        {data.items.map((property) => (
          <Value
            key={property.key}
            property={property}
            editable={can("conversations.note")}
            onSave={(value) => void save(property.key, value)}
          />
        ))}
      </dl>
    </PanelBlock>
  );
}

function Value({
  property,
  editable,
  onSave,
}: {
  property: Property;
  editable: boolean;
  onSave: (value: string) => void;
}) {
  const stored = property.value ?? "";
  const [text, setText] = useState(stored);
  useEffect(() => setText(stored), [stored]);
  const field = {
    size: "xs" as const,
    disabled: !editable,
    variant: "unstyled" as const,
    classNames: { input: styles.select },
    "aria-label": property.name,
    "data-testid": `property-${property.key}`,
  };
  return (
    <>
      <dt>{property.name}</dt>
      <dd>
        {property.kind === "choice" ? (
          <NativeSelect
            {...field}
            value={stored}
            data={[{ value: "", label: "—" }, ...property.options]}
            onChange={(event) => onSave(event.currentTarget.value)}
          />
        ) : (
          <TextInput
            {...field}
            type={property.kind === "date" ? "date" : "text"}
            inputMode={property.kind === "number" ? "decimal" : undefined}
            value={text}
            placeholder="—"
            onChange={(event) => setText(event.currentTarget.value)}
            onBlur={() => text !== stored && onSave(text)}
            onKeyDown={(event) => {
              if (event.key === "Enter") event.currentTarget.blur();
            }}
          />
        )}
      </dd>
    </>
  );
}
