// What is done before a deadline and after it: sentences that open to be edited.
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SlaStep } from "@/api/types.ts";
import { FormSection } from "@/ui/page.tsx";
import { useTime } from "@/ui/time.tsx";
import { Card } from "./card.tsx";
import styles from "./policy.module.css";
import { startingStep, stepWords } from "./policy-model.ts";
import { groupsQuery, operatorsQuery } from "./queries.ts";
import type { Faults } from "./schedule-model.ts";
import { StepFields } from "./step-fields.tsx";

interface Props {
  steps: SlaStep[];
  faults: Faults;
  onChange: (steps: SlaStep[]) => void;
}

export function StepsEditor({ steps, faults, onChange }: Props) {
  const { t } = useTranslation();
  const { locale } = useTime();
  const [added, setAdded] = useState(false);
  const { data: people = [] } = useQuery(operatorsQuery);
  const { data: groups } = useQuery(groupsQuery);
  const nameIn = (list: readonly { id: string; name: string }[]) => (id: string) =>
    list.find((each) => each.id === id)?.name ?? "…";
  const names = { person: nameIn(people), group: nameIn(groups?.items ?? []) };
  return (
    <FormSection title={t("sla:step.title")} text={t("sla:step.text")}>
      {steps.length > 0 && (
        <ul className={styles.cards}>
          {steps.map((step, index) => {
            const at = `steps[${index}]`;
            return (
              <Card
                // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its place
                key={index}
                title={stepWords(step, names, locale, t)}
                open={added && index === steps.length - 1}
                wrong={Object.keys(faults).some((fault) => fault.startsWith(at))}
                removeLabel={t("sla:step.remove", { number: index + 1 })}
                testId="step"
                onRemove={() => onChange(steps.filter((_, other) => other !== index))}
              >
                <StepFields
                  at={at}
                  step={step}
                  faults={faults}
                  people={people}
                  groups={groups?.items ?? []}
                  onChange={(change) => onChange(steps.with(index, { ...step, ...change }))}
                />
              </Card>
            );
          })}
        </ul>
      )}
      {faults.steps && (
        <p className={styles.error} role="alert">
          {faults.steps}
        </p>
      )}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={18} stroke={1.5} />}
          disabled={steps.length >= 20}
          onClick={() => {
            setAdded(true);
            onChange([...steps, startingStep]);
          }}
          data-testid="step-add"
        >
          {t("sla:step.add")}
        </Button>
      </div>
    </FormSection>
  );
}
