// The stages of a route in their order: sentences that open to be edited.
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RouteDefinition } from "@/api/types.ts";
import { FormSection } from "@/ui/page.tsx";
import { Card } from "../card.tsx";
import policy from "../policy.module.css";
import { groupsQuery, operatorsQuery } from "../queries.ts";
import type { Faults } from "../schedule-model.ts";
import { emptyStage, moved, tidied } from "./model.ts";
import { olasQuery } from "./queries.ts";
import { StageFields } from "./stage-fields.tsx";

interface Props {
  definition: RouteDefinition;
  faults: Faults;
  onChange: (definition: RouteDefinition) => void;
}

export function StagesEditor({ definition, faults, onChange }: Props) {
  const { t } = useTranslation();
  const { stages, mode } = definition;
  const [added, setAdded] = useState(stages.length === 1 && stages[0]?.name === "");
  const { data: people = [] } = useQuery(operatorsQuery);
  const { data: groups } = useQuery(groupsQuery);
  const { data: olas } = useQuery(olasQuery);
  const put = (next: RouteDefinition["stages"]) => onChange({ mode, stages: tidied(next) });
  const who = (stage: RouteDefinition["stages"][number]) =>
    people.find((person) => person.id === stage.user_id)?.name ??
    groups?.items.find((group) => group.id === stage.group_id)?.name ??
    t("stages:stage.nobody");
  return (
    <FormSection title={t("stages:stage.title")} text={t("stages:stage.text")}>
      {stages.length > 0 && (
        <ol className={policy.cards}>
          {stages.map((stage, index) => {
            const at = `stages[${index}]`;
            const number = index + 1;
            return (
              <Card
                // biome-ignore lint/suspicious/noArrayIndexKey: a stage is known by its place
                key={index}
                title={`${stage.parallel ? "∥" : number}. ${stage.name || t("stages:stage.unnamed")}`}
                note={[
                  who(stage),
                  t(`stages:kind.${stage.kind}`),
                  olas?.items.find((ola) => ola.id === stage.ola_id)?.name ?? t("stages:stage.noOla"),
                  stage.must_complete && t("stages:must"),
                ]
                  .filter(Boolean)
                  .join(" · ")}
                open={added && index === stages.length - 1}
                wrong={Object.keys(faults).some((fault) => fault.startsWith(at))}
                removeLabel={t("stages:stage.remove", { number })}
                testId="route-stage"
                onRemove={() => put(stages.filter((_, other) => other !== index))}
              >
                <StageFields
                  at={at}
                  stage={stage}
                  mode={mode}
                  place={{ first: index === 0, last: number === stages.length }}
                  faults={faults}
                  people={people}
                  groups={groups?.items ?? []}
                  olas={olas?.items ?? []}
                  onChange={(change) => put(stages.with(index, { ...stage, ...change }))}
                  onMove={(by) => put(moved(stages, index, index + by))}
                />
              </Card>
            );
          })}
        </ol>
      )}
      {faults.stages && (
        <p className={policy.error} role="alert">
          {faults.stages}
        </p>
      )}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={18} stroke={1.5} />}
          disabled={stages.length >= 50}
          onClick={() => {
            setAdded(true);
            put([...stages, { ...emptyStage, ola_id: stages.at(-1)?.ola_id ?? null }]);
          }}
          data-testid="route-stage-add"
        >
          {t("stages:stage.add")}
        </Button>
      </div>
    </FormSection>
  );
}
