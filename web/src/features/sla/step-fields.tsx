// One step: when, and what is done.
import { Checkbox, MultiSelect, NumberInput, Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DueNorm, Priority, SlaStep, SlaSubject } from "@/api/types.ts";
import { norms } from "@/lib/norms.ts";
import { DurationInput } from "./duration-input.tsx";
import styles from "./policy.module.css";
import { atMoment, type Moment, momentOf, moments } from "./policy-model.ts";
import type { Faults } from "./schedule-model.ts";
import { StepTaskFields } from "./step-task-fields.tsx";

interface Named {
  id: string;
  name: string;
}

interface Props {
  at: string;
  step: SlaStep;
  faults: Faults;
  people: readonly Named[];
  groups: readonly Named[];
  onChange: (change: Partial<SlaStep>) => void;
}

const options = (list: readonly Named[]) => list.map(({ id, name }) => ({ value: id, label: name }));

export function StepFields({ at, step, faults, people, groups, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <When at={at} step={step} faults={faults} onChange={onChange} />
      <MultiSelect
        label={t("sla:step.subjects")}
        placeholder={step.subjects.length === 0 ? t("sla:step.allSubjects") : undefined}
        data={(["conversation", "ticket"] as const).map((each) => ({
          value: each,
          label: t(`sla:subject.${each}`),
        }))}
        value={step.subjects}
        onChange={(next) => onChange({ subjects: next as SlaSubject[] })}
        data-testid="step-subjects"
      />
      <MultiSelect
        label={t("sla:step.norms")}
        placeholder={step.norms.length === 0 ? t("sla:step.allNorms") : undefined}
        data={norms.map((norm) => ({ value: norm, label: t(`sla:norm.${norm}`) }))}
        value={step.norms}
        onChange={(next) => onChange({ norms: next as DueNorm[] })}
        data-testid="step-norms"
      />
      <Checkbox
        label={t("sla:step.tellOperator")}
        checked={step.tell_operator}
        onChange={(event) => onChange({ tell_operator: event.currentTarget.checked })}
      />
      <Checkbox
        label={t("sla:step.tellSupervisors")}
        checked={step.tell_supervisors}
        onChange={(event) => onChange({ tell_supervisors: event.currentTarget.checked })}
      />
      <MultiSelect
        label={t("sla:step.tell")}
        placeholder={step.tell.length === 0 ? t("sla:step.nobody") : undefined}
        data={options(people)}
        searchable
        value={step.tell}
        error={faults[`${at}.tell`]}
        onChange={(tell) => onChange({ tell })}
        nothingFoundMessage={t("common:nothingFound")}
      />
      <Checkbox
        label={t("sla:step.byMail")}
        description={t("sla:step.byMailHelp")}
        checked={step.by_mail}
        error={faults[`${at}.by_mail`]}
        onChange={(event) => onChange({ by_mail: event.currentTarget.checked })}
        data-testid="step-by-mail"
      />
      <div className={styles.pair}>
        <Select
          label={t("sla:step.priority")}
          description={t("sla:step.priorityHelp")}
          placeholder={t("sla:step.keepPriority")}
          data={(["low", "medium", "high"] as const).map((each) => ({
            value: each,
            label: t(`desk:priority.${each}`),
          }))}
          clearable
          clearButtonProps={{ "aria-label": t("sla:step.keepPriority") }}
          value={step.priority}
          onChange={(next) => onChange({ priority: next as Priority | null })}
        />
        <Select
          label={t("sla:step.giveTo")}
          description={t("sla:step.giveToHelp")}
          placeholder={t("sla:step.keepOperator")}
          data={[
            {
              group: t("sla:step.groups"),
              items: groups.map(({ id, name }) => ({ value: `g:${id}`, label: name })),
            },
            {
              group: t("sla:step.people"),
              items: people.map(({ id, name }) => ({ value: `p:${id}`, label: name })),
            },
          ]}
          searchable
          clearable
          clearButtonProps={{ "aria-label": t("sla:step.keepOperator") }}
          value={step.give_to_group ? `g:${step.give_to_group}` : step.give_to ? `p:${step.give_to}` : null}
          error={faults[`${at}.give_to_group`]}
          onChange={(next) =>
            onChange({
              give_to: next?.startsWith("p:") ? next.slice(2) : null,
              give_to_group: next?.startsWith("g:") ? next.slice(2) : null,
            })
          }
          nothingFoundMessage={t("common:nothingFound")}
        />
      </div>
      <StepTaskFields at={at} step={step} faults={faults} people={people} onChange={onChange} />
      {faults[at] && (
        <p className={styles.error} role="alert">
          {faults[at]}
        </p>
      )}
    </>
  );
}

function When({ at, step, faults, onChange }: Pick<Props, "at" | "step" | "faults" | "onChange">) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Moment>(momentOf(step));
  // A length that is being typed may be nothing for a while; the moment does not jump meanwhile.
  const typing = chosen === "after_seconds" && step.after_seconds === 0;
  const moment = typing ? chosen : momentOf(step);
  const length = moment === "before_seconds" || moment === "after_seconds" ? moment : null;
  return (
    <div className={styles.when}>
      <Select
        aria-label={t("sla:step.moment")}
        data={moments.map((each) => ({ value: each, label: t(`sla:step.moments.${each}`) }))}
        value={moment}
        allowDeselect={false}
        onChange={(next) => {
          if (next === null) return;
          setChosen(next as Moment);
          onChange(atMoment(next as Moment));
        }}
        className={styles.moment}
        data-testid="step-moment"
      />
      {moment === "before_percent" && (
        <NumberInput
          aria-label={t("sla:step.percent")}
          value={step.before_percent || ""}
          min={1}
          max={99}
          suffix=" %"
          allowDecimal={false}
          allowNegative={false}
          error={faults[`${at}.before_percent`]}
          onChange={(next) => onChange({ before_percent: Number(next) || 0 })}
          className={styles.percent}
          data-testid="step-percent"
        />
      )}
      {length && (
        <DurationInput
          label={t(`sla:step.moments.${length}`)}
          seconds={step[length] ?? 0}
          error={faults[`${at}.${length}`]}
          onChange={(seconds) => onChange({ [length]: seconds })}
          testId="step-length"
        />
      )}
    </div>
  );
}
