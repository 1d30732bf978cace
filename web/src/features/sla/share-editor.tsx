// How many promises are to be kept, looked at once a day.
import { Checkbox, MultiSelect, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { SlaShare, SlaSubject } from "@/api/types.ts";
import { FormSection } from "@/ui/page.tsx";
import styles from "./policy.module.css";
import { startingShare } from "./policy-model.ts";
import { operatorsQuery } from "./queries.ts";
import type { Faults } from "./schedule-model.ts";

interface Props {
  share: SlaShare | null;
  faults: Faults;
  onChange: (share: SlaShare | null) => void;
}

export function ShareEditor({ share, faults, onChange }: Props) {
  const { t } = useTranslation();
  const { data: people = [] } = useQuery(operatorsQuery);
  return (
    <FormSection title={t("sla:share.title")} text={t("sla:share.text")}>
      <Switch
        label={t("sla:share.on")}
        checked={share !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? startingShare : null)}
        data-testid="share-on"
      />
      {share && (
        <>
          <div className={styles.triple}>
            <NumberInput
              label={t("sla:share.percent")}
              value={share.percent || ""}
              min={1}
              max={100}
              suffix=" %"
              allowDecimal={false}
              allowNegative={false}
              error={faults["share.percent"]}
              onChange={(next) => onChange({ ...share, percent: Number(next) || 0 })}
              data-testid="share-percent"
            />
            <NumberInput
              label={t("sla:share.days")}
              value={share.days || ""}
              min={1}
              max={365}
              allowDecimal={false}
              allowNegative={false}
              error={faults["share.days"]}
              onChange={(next) => onChange({ ...share, days: Number(next) || 0 })}
              data-testid="share-days"
            />
            <TextInput
              type="time"
              label={t("sla:share.checkAt")}
              value={share.check_at}
              error={faults["share.check_at"]}
              onChange={(event) => onChange({ ...share, check_at: event.currentTarget.value })}
              data-testid="share-time"
            />
          </div>
          <Select
            label={t("sla:share.of")}
            data={[
              { value: "", label: t("sla:subject.all") },
              ...(["conversation", "ticket"] as const).map((each) => ({
                value: each,
                label: t(`sla:subject.${each}`),
              })),
            ]}
            value={share.of ?? ""}
            allowDeselect={false}
            onChange={(next) => onChange({ ...share, of: (next || null) as SlaSubject | null })}
            data-testid="share-of"
          />
          <MultiSelect
            label={t("sla:share.tell")}
            placeholder={share.tell.length === 0 ? t("sla:step.nobody") : undefined}
            data={people.map(({ id, name }) => ({ value: id, label: name }))}
            searchable
            value={share.tell}
            error={faults["share.tell"]}
            onChange={(tell) => onChange({ ...share, tell })}
            nothingFoundMessage={t("common:nothingFound")}
            data-testid="share-tell"
          />
          <Checkbox
            label={t("sla:share.byMail")}
            checked={share.by_mail}
            onChange={(event) => onChange({ ...share, by_mail: event.currentTarget.checked })}
          />
        </>
      )}
    </FormSection>
  );
}
