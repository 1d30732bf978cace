// Norms for some conversations: the narrowest that fits holds.
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SlaExtraNorms } from "@/api/types.ts";
import { normsInWords } from "@/lib/norms.ts";
import { FormSection } from "@/ui/page.tsx";
import { Card } from "./card.tsx";
import { ExtraFields } from "./extra-fields.tsx";
import styles from "./policy.module.css";
import { emptyExtra } from "./policy-model.ts";
import type { Faults } from "./schedule-model.ts";

interface Props {
  extras: SlaExtraNorms[];
  faults: Faults;
  onChange: (extras: SlaExtraNorms[]) => void;
}

export function ExtrasEditor({ extras, faults, onChange }: Props) {
  const { t } = useTranslation();
  const [added, setAdded] = useState(false);
  const conditions = ({ priorities, channels, companies, categories }: SlaExtraNorms) =>
    [
      priorities.map((priority) => t(`desk:priority.${priority}`)).join(", "),
      channels.map((channel) => t(`channels:kind.${channel}`)).join(", "),
      companies.length > 0 ? t("sla:extra.companyCount", { count: companies.length }) : "",
      categories.join(", "),
    ].filter((part) => part !== "");
  return (
    <FormSection title={t("sla:extra.title")} text={t("sla:extra.text")}>
      {extras.length > 0 && (
        <ul className={styles.cards}>
          {extras.map((extra, index) => {
            const at = `extra[${index}]`;
            return (
              <Card
                // biome-ignore lint/suspicious/noArrayIndexKey: a norm has no name of its own until it is typed
                key={index}
                title={extra.name.trim() || t("sla:extra.unnamed")}
                note={[...conditions(extra), normsInWords(extra.norms, t)].filter((part) => part).join(" · ")}
                open={added && index === extras.length - 1}
                wrong={Object.keys(faults).some((fault) => fault.startsWith(at))}
                removeLabel={t("sla:extra.remove", { name: extra.name })}
                testId="extra"
                onRemove={() => onChange(extras.filter((_, other) => other !== index))}
              >
                <ExtraFields
                  at={at}
                  extra={extra}
                  faults={faults}
                  onChange={(change) => onChange(extras.with(index, { ...extra, ...change }))}
                />
              </Card>
            );
          })}
        </ul>
      )}
      {faults.extra && (
        <p className={styles.error} role="alert">
          {faults.extra}
        </p>
      )}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={18} stroke={1.5} />}
          disabled={extras.length >= 50}
          onClick={() => {
            setAdded(true);
            onChange([...extras, emptyExtra]);
          }}
          data-testid="extra-add"
        >
          {t("sla:extra.add")}
        </Button>
      </div>
    </FormSection>
  );
}
