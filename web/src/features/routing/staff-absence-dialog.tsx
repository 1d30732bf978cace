// An absence, new or known: who, from when, until when, why, and who stands in.
import { Button, Checkbox, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch, post } from "@/api/http.ts";
import { dayKey } from "@/lib/time.ts";
import { useTime } from "@/ui/time.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./staff.module.css";
import { absenceTimes, absenceValues, asDays, newAbsence } from "./staff-absence-logic.ts";
import { type Absence, absencesQuery, operatorsNowQuery } from "./staff-queries.ts";

export function AbsenceDialog({ absence, onClose }: { absence: Absence | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={absence ? absence.user.name : t("staff:absences.newTitle")}
      size={480}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <AbsenceForm absence={absence} onClose={onClose} />
    </Modal>
  );
}

const reasons = ["vacation", "illness", "trip", "study"] as const;

function AbsenceForm({ absence, onClose }: { absence: Absence | null; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { now, timeZone } = useTime();
  const operators = useQuery(operatorsNowQuery);
  const form = useForm(absence ? absenceValues(absence, timeZone) : newAbsence(dayKey(now, timeZone)));
  const { values } = form;
  const people = new Map(operators.data?.map(({ user }) => [user.id, user.name]));
  // Whoever answers clients no more is still the one it was written for.
  for (const person of [absence?.user, absence?.substitute]) if (person) people.set(person.id, person.name);
  const options = [...people].map(([value, label]) => ({ value, label }));
  const save = useMutation({
    mutationFn: () => {
      const body = {
        ...absenceTimes(values, timeZone),
        reason: values.reason.trim(),
        substitute_id: values.substitute_id || null,
      };
      return absence
        ? patch<Absence>(`/absences/${absence.id}`, body)
        : post<Absence>("/absences", { ...body, user_id: values.user_id });
    },
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: absencesQuery.queryKey });
    },
    onError: form.fail,
  });
  const submit = () => {
    const times = absenceTimes(values, timeZone);
    const fine = form.complain({
      user_id: values.user_id === "" ? t("staff:required") : undefined,
      from: times.from ? undefined : t("staff:required"),
      until: times.until ? undefined : t("staff:required"),
    });
    if (fine) save.mutate();
  };
  const type = values.days ? "date" : "datetime-local";
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        {!absence && (
          <Select
            label={t("staff:absences.who")}
            data={options}
            searchable
            nothingFoundMessage={t("common:nothingFound")}
            data-autofocus
            {...form.choice("user_id")}
            value={values.user_id || null}
            data-testid="absence-who"
          />
        )}
        <div className={styles.two}>
          <TextInput
            type={type}
            label={t("staff:absences.from")}
            {...form.text("from")}
            data-testid="absence-from"
          />
          <TextInput
            type={type}
            label={t(values.days ? "staff:absences.lastDay" : "staff:absences.until")}
            min={values.from}
            {...form.text("until")}
            data-testid="absence-until"
          />
        </div>
        <Checkbox
          label={t("staff:absences.days")}
          checked={values.days}
          onChange={(event) => form.set(asDays(values, event.currentTarget.checked))}
        />
        <div>
          <TextInput
            label={t("staff:absences.reason")}
            maxLength={200}
            {...form.text("reason")}
            data-testid="absence-reason"
          />
          <div className={styles.chips}>
            {reasons.map((reason) => (
              <button
                key={reason}
                type="button"
                className={styles.chip}
                onClick={() => form.set({ reason: t(`staff:absences.reasons.${reason}`) })}
              >
                {t(`staff:absences.reasons.${reason}`)}
              </button>
            ))}
          </div>
        </div>
        <Select
          label={t("staff:absences.substitute")}
          description={t("staff:absences.substituteText")}
          placeholder={t("staff:absences.nobody")}
          data={options.filter(({ value }) => value !== values.user_id)}
          searchable
          clearable
          clearButtonProps={{ "aria-label": t("staff:absences.clear") }}
          nothingFoundMessage={t("common:nothingFound")}
          value={values.substitute_id || null}
          onChange={(substitute_id) => form.set({ substitute_id: substitute_id ?? "" })}
          error={form.errors.substitute_id}
          data-testid="absence-substitute"
        />
        {form.message && Object.keys(form.errors).length === 0 && (
          <p className={styles.error} role="alert">
            {form.message}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} data-testid="absence-submit">
            {t(absence ? "common:save" : "staff:absences.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
