// A day of somebody: what was planned, what was worked, and for whoever plans, how to change it.
import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import type { Id } from "@/api/types.ts";
import { notifyDone } from "@/ui/notify.ts";
import { useTime } from "@/ui/time.tsx";
import { useForm } from "@/ui/use-form.ts";
import { dayName } from "./logic.ts";
import { type PersonPlan, type PlanDay, type ShiftPlan, shiftsKey, shiftsQuery } from "./queries.ts";
import { useShiftHoursWords } from "./shift-words.ts";
import styles from "./shifts.module.css";
import { useDayWords } from "./words.ts";

interface Props {
  plan: ShiftPlan;
  person: PersonPlan;
  people: PersonPlan[];
  day: string;
  onClose: () => void;
}

export function DayDialog({ plan, person, people, day: date, onClose }: Props) {
  const { t } = useTranslation();
  const { locale } = useTime();
  const words = useDayWords(new Map(plan.shifts.map((shift) => [shift.id, shift])));
  const day = person.days.find((each) => each.date === date);
  const lines = day ? words.lines(day) : [];
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        <>
          {person.user.name}
          <span className={styles.dialogDay}>{dayName(date, locale)}</span>
        </>
      }
      size={480}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <Stack gap="md">
        <ul className={styles.facts} data-testid="day-lines">
          {(lines.length > 0 ? lines : [t("shifts:day.nothing")]).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {plan.may_plan && (
          <ChangeForm person={person} people={people} date={date} day={day} onClose={onClose} />
        )}
      </Stack>
    </Modal>
  );
}

type Change = { kind: "shift"; shift_id: Id } | { kind: "day_off" } | { kind: "as_scheduled" };

/** What somebody does on a day, as a change for another one. */
function asChange(day: PlanDay | undefined): Change {
  return day?.shift_id ? { kind: "shift", shift_id: day.shift_id } : { kind: "day_off" };
}

function ChangeForm({
  person,
  people,
  date,
  day,
  onClose,
}: {
  person: PersonPlan;
  people: PersonPlan[];
  date: string;
  day: PlanDay | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const shifts = useQuery(shiftsQuery);
  const hours = useShiftHoursWords();
  const dayOf = (of: PersonPlan) => of.days.find((each) => each.date === date);
  const now = !day?.changed ? "as_scheduled" : (day.shift_id ?? "day_off");
  const form = useForm({ what: now, swap: "", note: day?.note ?? "" });
  const { what, swap, note } = form.values;
  const save = useMutation({
    mutationFn: () => {
      const other = people.find(({ user }) => user.id === swap);
      const change = (user_id: Id, change: Change) => ({ user_id, date, change, note: note.trim() });
      const own: Change =
        what === "as_scheduled" || what === "day_off" ? { kind: what } : { kind: "shift", shift_id: what };
      const days = other
        ? [change(person.user.id, asChange(dayOf(other))), change(other.user.id, asChange(day))]
        : [change(person.user.id, own)];
      return put("/shift-days", { days });
    },
    onSuccess: () => {
      notifyDone(t("shifts:change.saved"));
      onClose();
      return client.invalidateQueries({ queryKey: shiftsKey });
    },
    onError: form.fail,
  });
  const kinds = [
    { value: "as_scheduled", label: t("shifts:change.asScheduled") },
    { value: "day_off", label: t("shifts:change.dayOff") },
    ...(shifts.data ?? []).map((shift) => ({
      value: shift.id,
      label: shift.hours ? `${shift.name}, ${hours.span(shift.hours)}` : shift.name,
    })),
  ];
  const others = people.filter(({ user }) => user.id !== person.user.id);
  return (
    <form
      noValidate
      className={styles.changeForm}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <Select
          label={t("shifts:change.what")}
          data={kinds}
          {...form.choice("what")}
          disabled={swap !== ""}
          allowDeselect={false}
          searchable
          nothingFoundMessage={t("common:nothingFound")}
          data-autofocus
          data-testid="change-what"
        />
        {others.length > 0 && (
          <Select
            label={t("shifts:change.swap")}
            description={t("shifts:change.swapText")}
            placeholder={t("shifts:change.nobody")}
            data={others.map(({ user }) => ({ value: user.id, label: user.name }))}
            value={swap || null}
            onChange={(value) => form.set({ swap: value ?? "" })}
            clearable
            clearButtonProps={{ "aria-label": t("shifts:change.nobody") }}
            searchable
            nothingFoundMessage={t("common:nothingFound")}
            data-testid="change-swap"
          />
        )}
        <TextInput
          label={t("shifts:change.note")}
          placeholder={t("shifts:change.noteExample")}
          maxLength={200}
          {...form.text("note")}
          data-testid="change-note"
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
          <Button type="submit" loading={save.isPending} disabled={!form.dirty} data-testid="change-submit">
            {t("common:save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
