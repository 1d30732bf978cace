// A tariff plan, new or known.
import { Modal, MultiSelect, NumberInput, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch, post } from "@/api/http.ts";
import { tariffPlansQuery } from "@/api/terms.ts";
import type { TariffPlan } from "@/api/types.ts";
import { DeleteRecord } from "@/ui/delete-record.tsx";
import { DialogFooter } from "@/ui/dialog-footer.tsx";
import { ScheduleSelect } from "@/ui/schedule-select.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./admin.module.css";
import { servicesQuery } from "./queries.ts";

interface Props {
  plan: TariffPlan | null;
  onClose: () => void;
}

export function TariffPlanDialog({ plan, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={plan?.name ?? t("terms:tariff.create")}
      size={560}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <PlanForm plan={plan} onClose={onClose} />
    </Modal>
  );
}

const periods = ["day", "week", "month"] as const;

/** An empty field: no limit. */
const typed = (limit: number | null | undefined) => limit ?? "";

const valuesOf = (plan: TariffPlan | null) => ({
  name: plan?.name ?? "",
  description: plan?.description ?? "",
  services: plan?.services ?? [],
  schedule_id: plan?.schedule_id ?? "",
  per_day: typed(plan?.per_day),
  per_week: typed(plan?.per_week),
  per_month: typed(plan?.per_month),
  valid_from: plan?.valid_from ?? "",
  valid_to: plan?.valid_to ?? "",
});

function PlanForm({ plan, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const services = useQuery(servicesQuery);
  const form = useForm(valuesOf(plan));
  const { values } = form;
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: tariffPlansQuery.queryKey }),
      client.invalidateQueries({ queryKey: ["tariff"] }),
    ]);
  const save = useMutation({
    mutationFn: () => {
      const limit = (value: number | string) => (value === "" ? null : Number(value));
      const body = {
        name: values.name.trim(),
        description: values.description.trim(),
        services: values.services,
        schedule_id: values.schedule_id || null,
        per_day: limit(values.per_day),
        per_week: limit(values.per_week),
        per_month: limit(values.per_month),
        valid_from: values.valid_from || null,
        valid_to: values.valid_to || null,
      };
      return plan
        ? patch<TariffPlan>(`/tariff-plans/${plan.id}`, body)
        : post<TariffPlan>("/tariff-plans", body);
    },
    onSuccess: async () => {
      await refresh();
      onClose();
    },
    onError: form.fail,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (form.complain({ name: values.name.trim() === "" ? t("admin:required") : undefined }))
          save.mutate();
      }}
    >
      <Stack gap="md">
        <TextInput
          label={t("terms:tariff.name")}
          maxLength={200}
          data-autofocus
          {...form.text("name")}
          data-testid="plan-name"
        />
        <Textarea
          label={t("terms:tariff.description")}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={2000}
          {...form.text("description")}
        />
        <fieldset className={styles.part}>
          <legend>{t("terms:tariff.limits")}</legend>
          <p className={styles.note}>{t("terms:tariff.limitsHelp")}</p>
          <div className={styles.three}>
            {periods.map((period) => (
              <NumberInput
                key={period}
                label={t(`terms:tariff.inPeriod.${period}`)}
                placeholder={t("terms:tariff.noLimit")}
                min={0}
                allowDecimal={false}
                value={values[`per_${period}`]}
                onChange={(next) => form.set({ [`per_${period}`]: next })}
                error={form.errors[`per_${period}`]}
                data-testid={`plan-per-${period}`}
              />
            ))}
          </div>
        </fieldset>
        <MultiSelect
          label={t("terms:tariff.services")}
          description={t("terms:tariff.servicesHelp")}
          placeholder={values.services.length === 0 ? t("terms:tariff.allServices") : undefined}
          data={(services.data?.items ?? []).map((folder) => ({
            group: folder.name,
            items: folder.services.map(({ id, name }) => ({ value: id, label: name })),
          }))}
          searchable
          clearable
          clearButtonProps={{ "aria-label": t("terms:clear") }}
          hidePickedOptions
          value={values.services}
          onChange={(next) => form.set({ services: next })}
          error={form.errors.services}
          nothingFoundMessage={t("common:nothingFound")}
          data-testid="plan-services"
        />
        <ScheduleSelect
          label={t("terms:tariff.schedule")}
          description={t("terms:tariff.scheduleHelp")}
          first={[{ value: "", label: t("terms:tariff.asPolicy") }]}
          value={values.schedule_id}
          error={form.errors.schedule_id}
          onChange={(schedule_id) => form.set({ schedule_id })}
          testId="plan-schedule"
        />
        <div className={styles.two}>
          <TextInput type="date" label={t("terms:tariff.validFrom")} {...form.text("valid_from")} />
          <TextInput type="date" label={t("terms:tariff.validTo")} {...form.text("valid_to")} />
        </div>
        {form.message && (
          <p className={styles.error} role="alert">
            {form.message}
          </p>
        )}
        <DialogFooter saving={save.isPending} onClose={onClose} testId="plan-save">
          {plan && (
            <DeleteRecord
              path={`/tariff-plans/${plan.id}`}
              label={t("terms:delete")}
              title={t("terms:tariff.deleteTitle", { name: plan.name })}
              text={t("terms:tariff.deleteText")}
              done={t("terms:tariff.deleted", { name: plan.name })}
              testId="plan-delete"
              onDeleted={async () => {
                await refresh();
                onClose();
              }}
            />
          )}
        </DialogFooter>
      </Stack>
    </form>
  );
}
