// A schedule for several people and groups at once.
import { Button, Group, Modal, MultiSelect, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Id } from "@/api/types.ts";
import { dayKey } from "@/lib/time.ts";
import { notifyDone } from "@/ui/notify.ts";
import { useTime } from "@/ui/time.tsx";
import { useForm } from "@/ui/use-form.ts";
import { groupsQuery, plannedPeopleQuery, shiftsKey, workSchedulesQuery } from "./queries.ts";
import styles from "./shifts.module.css";

interface Props {
  user?: Id;
  schedule?: Id;
  onClose: () => void;
}

export function AssignDialog({ user, schedule, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("shifts:assign.title")}
      size={520}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <AssignForm user={user} schedule={schedule} onClose={onClose} />
    </Modal>
  );
}

function AssignForm({ user, schedule, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { now, timeZone } = useTime();
  const today = dayKey(now, timeZone);
  const schedules = useQuery(workSchedulesQuery);
  const people = useQuery(plannedPeopleQuery(today));
  const groups = useQuery(groupsQuery);
  const form = useForm({
    schedule_id: schedule ?? "",
    user_ids: user ? [user] : ([] as Id[]),
    group_ids: [] as Id[],
    from: today,
    to: "",
  });
  const { values } = form;
  const save = useMutation({
    mutationFn: () => post("/shift-assignments", { ...values, to: values.to || null }),
    onSuccess: () => {
      notifyDone(t("shifts:assign.saved"));
      onClose();
      return client.invalidateQueries({ queryKey: shiftsKey });
    },
    onError: form.fail,
  });
  const submit = () => {
    const nobody = values.user_ids.length + values.group_ids.length === 0;
    const fine = form.complain({
      schedule_id: values.schedule_id === "" ? t("shifts:required") : undefined,
      user_ids: nobody ? t("shifts:assign.somebody") : undefined,
      from: values.from === "" ? t("shifts:required") : undefined,
    });
    if (fine) save.mutate();
  };
  // Groups of people one looks after; the server says no to others.
  const known = new Set(people.data?.flatMap((person) => person.groups));
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        <Select
          label={t("shifts:assign.schedule")}
          placeholder={
            schedules.data?.length === 0 ? t("shifts:assign.noSchedules") : t("shifts:assign.choose")
          }
          data={schedules.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          searchable
          nothingFoundMessage={t("common:nothingFound")}
          {...form.choice("schedule_id")}
          value={values.schedule_id || null}
          data-testid="assign-schedule"
        />
        <MultiSelect
          label={t("shifts:assign.people")}
          data={people.data?.map((person) => ({ value: person.user.id, label: person.user.name })) ?? []}
          searchable
          hidePickedOptions
          nothingFoundMessage={t("common:nothingFound")}
          value={values.user_ids}
          onChange={(user_ids) => form.set({ user_ids })}
          error={form.errors.user_ids}
          data-testid="assign-people"
        />
        <MultiSelect
          label={t("shifts:assign.groups")}
          description={t("shifts:assign.groupsText")}
          data={
            groups.data
              ?.filter(({ id }) => known.has(id))
              .map(({ id, name }) => ({ value: id, label: name })) ?? []
          }
          searchable
          hidePickedOptions
          nothingFoundMessage={t("common:nothingFound")}
          value={values.group_ids}
          onChange={(group_ids) => form.set({ group_ids })}
          error={form.errors.group_ids}
          data-testid="assign-groups"
        />
        <div className={styles.two}>
          <TextInput
            type="date"
            label={t("shifts:assign.from")}
            {...form.text("from")}
            data-testid="assign-from"
          />
          <TextInput
            type="date"
            label={t("shifts:assign.to")}
            description={t("shifts:assign.toText")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            min={values.from}
            {...form.text("to")}
            data-testid="assign-to"
          />
        </div>
        {form.message && Object.keys(form.errors).length === 0 && (
          <p className={styles.error} role="alert">
            {form.message}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} data-testid="assign-submit">
            {t("shifts:assign.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
