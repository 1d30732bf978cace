// A kind of shift, new or known: name, colour, from when until when, breaks; or a day off with a name.
import { Button, Checkbox, Group, Modal, NumberInput, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post, put } from "@/api/http.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { useForm } from "@/ui/use-form.ts";
import { colors, endOf, minutesBetween } from "./logic.ts";
import { type NewShift, type Shift, shiftsKey } from "./queries.ts";
import { useShiftHoursWords } from "./shift-words.ts";
import styles from "./shifts.module.css";

export function ShiftDialog({ shift, onClose }: { shift: Shift | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={shift?.name ?? t("shifts:kinds.newTitle")}
      size={480}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <ShiftForm shift={shift} onClose={onClose} />
    </Modal>
  );
}

interface Pause {
  from: string;
  minutes: number | string;
}

const padded = (time: string) => time.padStart(5, "0");

function valuesOf(shift: Shift | null) {
  const hours = shift?.hours;
  return {
    name: shift?.name ?? "",
    color: shift?.color ?? colors[1] ?? "blue",
    working: shift ? hours !== null && hours !== undefined : true,
    from: hours ? padded(hours.from) : "09:00",
    to: hours ? endOf(hours) : "18:00",
    breaks: (hours?.breaks ?? []).map((pause): Pause => ({ ...pause, from: padded(pause.from) })),
    // Where the server finds a fault of the hours.
    hours_from: "",
    hours_minutes: "",
    hours_breaks: "",
  };
}

function ShiftForm({ shift, onClose }: { shift: Shift | null; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const words = useShiftHoursWords();
  const form = useForm(valuesOf(shift));
  const { values } = form;
  const minutes = minutesBetween(values.from, values.to);
  const hours = minutes !== null && {
    from: values.from,
    minutes,
    breaks: values.breaks.map((pause) => ({ from: pause.from, minutes: Number(pause.minutes) || 0 })),
  };
  const save = useMutation({
    mutationFn: () => {
      const body: NewShift = {
        name: values.name.trim(),
        color: values.color,
        hours: values.working && hours ? hours : null,
      };
      return shift ? put<Shift>(`/shifts/${shift.id}`, body) : post<Shift>("/shifts", body);
    },
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: shiftsKey });
    },
    onError: form.fail,
  });
  const setBreak = (at: number, change: Partial<Pause>) =>
    form.set({
      breaks: values.breaks.map((pause, index) => (index === at ? { ...pause, ...change } : pause)),
      hours_breaks: "",
    });
  const submit = () => {
    const fine = form.complain({
      name: values.name.trim() === "" ? t("shifts:required") : undefined,
      from: values.working && minutes === null ? t("shifts:required") : undefined,
    });
    if (fine) save.mutate();
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        <TextInput
          label={t("shifts:kinds.name")}
          placeholder={t("shifts:kinds.nameExample")}
          maxLength={200}
          data-autofocus
          {...form.text("name")}
          data-testid="shift-name"
        />
        <fieldset className={styles.colors}>
          <legend>{t("shifts:kinds.color")}</legend>
          {colors.map((color) => (
            <label key={color} className={styles.color}>
              <input
                type="radio"
                name="color"
                value={color}
                checked={values.color === color}
                onChange={() => form.set({ color })}
                aria-label={t(`shifts:colors.${color}`)}
              />
              <span className={styles.swatch} data-color={color} title={t(`shifts:colors.${color}`)} />
            </label>
          ))}
        </fieldset>
        <Checkbox
          label={t("shifts:kinds.isOff")}
          description={t("shifts:kinds.isOffText")}
          checked={!values.working}
          onChange={(event) => form.set({ working: !event.currentTarget.checked })}
        />
        {values.working && (
          <>
            <div className={styles.two}>
              <TextInput
                type="time"
                label={t("shifts:kinds.from")}
                {...form.text("from")}
                error={form.errors.from ?? form.errors.hours_from}
                data-testid="shift-from"
              />
              <TextInput
                type="time"
                label={t("shifts:kinds.to")}
                {...form.text("to")}
                error={form.errors.hours_minutes}
                data-testid="shift-to"
              />
            </div>
            <div>
              <p className={styles.label}>{t("shifts:kinds.breaks")}</p>
              {values.breaks.map((pause, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: breaks have no name of their own
                <div key={index} className={styles.pause}>
                  <TextInput
                    type="time"
                    aria-label={t("shifts:kinds.breakFrom")}
                    value={pause.from}
                    onChange={(event) => setBreak(index, { from: event.currentTarget.value })}
                    data-testid="break-from"
                  />
                  <NumberInput
                    aria-label={t("shifts:kinds.breakMinutes")}
                    value={pause.minutes}
                    onChange={(next) => setBreak(index, { minutes: next })}
                    min={1}
                    max={1440}
                    suffix={` ${t("shifts:kinds.minutes")}`}
                    allowDecimal={false}
                    data-testid="break-minutes"
                  />
                  <IconButton
                    label={t("shifts:kinds.removeBreak")}
                    onClick={() => form.set({ breaks: values.breaks.filter((_, at) => at !== index) })}
                  >
                    <IconX size={18} stroke={1.5} />
                  </IconButton>
                </div>
              ))}
              {form.errors.hours_breaks && (
                <p className={styles.error} role="alert">
                  {form.errors.hours_breaks}
                </p>
              )}
              <Button
                variant="subtle"
                size="xs"
                leftSection={<IconPlus size={16} stroke={1.5} />}
                onClick={() => form.set({ breaks: [...values.breaks, { from: "13:00", minutes: 60 }] })}
                data-testid="break-add"
              >
                {t("shifts:kinds.addBreak")}
              </Button>
            </div>
            {hours && (
              <p className={styles.muted} data-testid="shift-length">
                {words.length(hours)}
                {values.to <= values.from && `. ${t("shifts:kinds.overMidnight")}`}
              </p>
            )}
          </>
        )}
        {form.message && Object.keys(form.errors).length === 0 && (
          <p className={styles.error} role="alert">
            {form.message}
          </p>
        )}
        {shift && <p className={styles.muted}>{t("shifts:kinds.changesPast")}</p>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} data-testid="shift-submit">
            {t(shift ? "common:save" : "shifts:kinds.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
