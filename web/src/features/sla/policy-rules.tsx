// When the time of a policy begins and ends, and when it stands still.
import { MultiSelect, Radio, Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SlaDefinition, TicketStatus } from "@/api/types.ts";
import { FormSection } from "@/ui/page.tsx";

/** Where a ticket's time may stand still: in the others it is over. */
const open: TicketStatus[] = ["new", "accepted", "in_progress", "waiting"];

interface Props {
  definition: SlaDefinition;
  onChange: (change: Partial<SlaDefinition>) => void;
}

export function PolicyRules({ definition, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <FormSection title={t("sla:rules.title")} text={t("sla:rules.text")}>
      <Choice
        name="reaction_ends"
        value={definition.reaction_ends}
        values={["answered", "taken"] as const}
        onChange={(reaction_ends) => onChange({ reaction_ends })}
      />
      <Choice
        name="resolution_starts"
        value={definition.resolution_starts}
        values={["created", "taken"] as const}
        onChange={(resolution_starts) => onChange({ resolution_starts })}
      />
      <Choice
        name="ticket_resolution_starts"
        value={definition.ticket_resolution_starts}
        values={["created", "accepted", "taken"] as const}
        onChange={(ticket_resolution_starts) => onChange({ ticket_resolution_starts })}
      />
      <MultiSelect
        label={t("sla:rules.freezing_statuses.label")}
        description={t("sla:rules.freezing_statuses.help")}
        placeholder={
          definition.freezing_statuses.length === 0 ? t("sla:rules.freezing_statuses.none") : undefined
        }
        data={open.map((status) => ({ value: status, label: t(`desk:ticket.statuses.${status}`) }))}
        value={definition.freezing_statuses}
        onChange={(next) => onChange({ freezing_statuses: next as TicketStatus[] })}
        data-testid="rule-freezing"
      />
      <Choice
        name="on_reopening"
        value={definition.on_reopening}
        values={["go_on", "start_anew", "nothing"] as const}
        onChange={(on_reopening) => onChange({ on_reopening })}
      />
      {(["pause_when_snoozed", "pause_when_answered", "follow_priority"] as const).map((name) => (
        <Switch
          key={name}
          label={t(`sla:rules.${name}.label`)}
          description={t(`sla:rules.${name}.help`)}
          checked={definition[name]}
          onChange={(event) => onChange({ [name]: event.currentTarget.checked })}
          data-testid={`rule-${name}`}
        />
      ))}
    </FormSection>
  );
}

interface ChoiceProps<T extends string> {
  name: "reaction_ends" | "resolution_starts" | "ticket_resolution_starts" | "on_reopening";
  value: T;
  values: readonly T[];
  onChange: (value: T) => void;
}

function Choice<T extends string>({ name, value, values, onChange }: ChoiceProps<T>) {
  const { t } = useTranslation();
  return (
    <Radio.Group
      label={t(`sla:rules.${name}.label`)}
      value={value}
      onChange={(next) => {
        const picked = values.find((each) => each === next);
        if (picked) onChange(picked);
      }}
    >
      <Stack gap={8} mt={6}>
        {values.map((each) => (
          <Radio key={each} value={each} label={t(`sla:rules.${name}.${each}`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
