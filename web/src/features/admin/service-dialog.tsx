// Who answers for a service, when it is to be available and for how long it may be down.
import { Button, Group, Modal, NumberInput, Select, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch } from "@/api/http.ts";
import { operatorsQuery } from "@/api/people.ts";
import type { Service } from "@/api/types.ts";
import { ScheduleSelect } from "@/ui/schedule-select.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./admin.module.css";
import { servicesQuery } from "./queries.ts";

export function ServiceDialog({ service, onClose }: { service: Service; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const operators = useQuery(operatorsQuery);
  const form = useForm({
    owner_id: service.owner_id ?? "",
    schedule_id: service.schedule_id ?? "",
    downtime_minutes: (service.downtime_minutes ?? "") as number | string,
  });
  const { values } = form;
  const save = useMutation({
    mutationFn: () =>
      patch<Service>(`/services/${service.id}`, {
        owner_id: values.owner_id || null,
        schedule_id: values.schedule_id || null,
        downtime_minutes: values.downtime_minutes === "" ? null : Number(values.downtime_minutes),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: servicesQuery.queryKey });
      onClose();
    },
    onError: form.fail,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={service.name}
      size={480}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="md">
          <Select
            label={t("terms:service.owner")}
            description={t("terms:service.ownerHelp")}
            data={[
              { value: "", label: t("terms:category.noOwner") },
              ...(operators.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            searchable
            allowDeselect={false}
            {...form.choice("owner_id")}
            data-testid="service-owner"
          />
          <ScheduleSelect
            label={t("terms:service.hours")}
            description={t("terms:service.hoursHelp")}
            first={[{ value: "", label: t("terms:service.always") }]}
            value={values.schedule_id}
            error={form.errors.schedule_id}
            onChange={(schedule_id) => form.set({ schedule_id })}
            testId="service-hours"
          />
          <NumberInput
            label={t("terms:service.downtime")}
            description={t("terms:service.downtimeHelp")}
            placeholder={t("terms:service.notSaid")}
            min={0}
            max={44_640}
            allowDecimal={false}
            value={values.downtime_minutes}
            onChange={(next) => form.set({ downtime_minutes: next })}
            error={form.errors.downtime_minutes}
            data-testid="service-downtime"
          />
          {form.message && (
            <p className={styles.error} role="alert">
              {form.message}
            </p>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("common:cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} data-testid="service-save">
              {t("common:save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
