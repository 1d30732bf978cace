// The support parameters of a company, filled in right here.
import { NativeSelect, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Id, Property } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { Block } from "./client-blocks.tsx";
import styles from "./clients.module.css";

export function Parameters({ company, parameters }: { company: Id; parameters: Property[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const save = async (key: string, value: string) => {
    try {
      await put(`/companies/${company}/properties`, { values: { [key]: value || null } });
    } catch (error) {
      notifyError(error);
    }
    // Everybody of the company has the same.
    await client.invalidateQueries({ queryKey: ["client"] });
  };
  return (
    <Block title={t("clients:block.parameters")}>
      <dl className={styles.facts}>
        {parameters.map((one) => (
          <Parameter key={one.key} parameter={one} onSave={(value) => void save(one.key, value)} />
        ))}
      </dl>
    </Block>
  );
}

function Parameter({ parameter, onSave }: { parameter: Property; onSave: (value: string) => void }) {
  const can = useCan();
  const stored = parameter.value ?? "";
  const [text, setText] = useState(stored);
  useEffect(() => setText(stored), [stored]);
  const field = {
    size: "xs" as const,
    disabled: !can("contacts.edit"),
    "aria-label": parameter.name,
    "data-testid": `parameter-${parameter.key}`,
  };
  return (
    <>
      <dt>{parameter.name}</dt>
      <dd>
        {parameter.kind === "choice" ? (
          <NativeSelect
            {...field}
            value={stored}
            data={[{ value: "", label: "—" }, ...parameter.options]}
            onChange={(event) => onSave(event.currentTarget.value)}
          />
        ) : (
          <TextInput
            {...field}
            type={parameter.kind === "date" ? "date" : "text"}
            value={text}
            placeholder="—"
            onChange={(event) => setText(event.currentTarget.value)}
            onBlur={() => text !== stored && onSave(text)}
          />
        )}
      </dd>
    </>
  );
}
