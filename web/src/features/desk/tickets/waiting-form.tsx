// Why a ticket waits, and when it goes back to work by itself.
import { Chip, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketWaiting } from "@/api/types.ts";
import { fromWallClock, wallClock } from "@/lib/wall-clock.ts";
import { DialogFooter } from "@/ui/dialog-footer.tsx";
import { useTime } from "@/ui/time.tsx";
import { useForm } from "@/ui/use-form.ts";
import type { StepWords } from "./statuses.ts";
import styles from "./tickets.module.css";
import { type WaitingPreset, waitingPresets } from "./waiting.ts";

type Until = WaitingPreset["key"] | "open" | "own";

interface Props {
  waiting: TicketWaiting | null | undefined;
  save: string;
  onSave: (words: StepWords) => Promise<unknown>;
  onClose: () => void;
}

export function WaitingForm({ waiting, save: saveLabel, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const time = useTime();
  const name = useId();
  // Counted from this very moment: the clock of the page ticks every twenty seconds only.
  const [presets] = useState(() => waitingPresets({ ...time, now: new Date() }));
  const [initial] = useState(() => {
    const suggested = waiting?.until ?? presets.find(({ key }) => key === "tomorrow")?.at;
    return {
      waiting_reason: waiting?.reason ?? "",
      waiting_until: (waiting?.until ? "own" : "open") as Until,
      own: suggested ? wallClock(new Date(suggested), time.timeZone) : "",
    };
  });
  const form = useForm(initial);
  const { waiting_reason: reason, waiting_until: choice, own } = form.values;
  const until = (): string | null => {
    if (choice !== "own") return presets.find(({ key }) => key === choice)?.at.toISOString() ?? null;
    // What was not touched keeps its seconds.
    if (waiting?.until && own === initial.own) return waiting.until;
    return fromWallClock(own, time.timeZone)?.toISOString() ?? null;
  };
  const save = useMutation({
    mutationFn: () => onSave({ waiting: { reason: reason.trim(), until: until() } }),
    onSuccess: onClose,
    onError: form.fail,
  });
  const usual = (["client", "supplier", "colleagues", "planned"] as const).map((key) =>
    t(`desk:ticket.wait.usual.${key}`),
  );
  const choices: Until[] = ["open", ...presets.map(({ key }) => key), "own"];
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const fine = form.complain({
          waiting_reason: reason.trim() === "" ? t("desk:ticket.wait.reasonMissing") : undefined,
          waiting_until:
            choice === "own" && until() === null ? t("desk:ticket.wait.untilMissing") : undefined,
        });
        if (fine && !save.isPending) save.mutate();
      }}
    >
      <div className={styles.form} data-close>
        <TextInput
          label={t("desk:ticket.wait.reason")}
          maxLength={500}
          {...form.text("waiting_reason")}
          data-autofocus
          data-testid="waiting-reason"
        />
        <fieldset className={styles.choices} aria-label={t("desk:ticket.wait.usualTitle")}>
          <Chip.Group
            value={usual.find((words) => words === reason.trim()) ?? null}
            onChange={(words) => words && form.set({ waiting_reason: words })}
          >
            {usual.map((words) => (
              <Chip key={words} value={words} name={`${name}-reason`} size="sm">
                {words}
              </Chip>
            ))}
          </Chip.Group>
        </fieldset>
      </div>
      <div className={styles.form} data-close>
        <fieldset className={styles.choices} data-testid="waiting-until">
          <legend>{t("desk:ticket.wait.when")}</legend>
          <Chip.Group
            value={choice}
            onChange={(next) => form.set({ waiting_until: choices.find((each) => each === next) ?? "open" })}
          >
            {choices.map((key) => (
              <Chip key={key} value={key} name={`${name}-until`} size="sm">
                {t(`desk:ticket.wait.at.${key}`)}
              </Chip>
            ))}
          </Chip.Group>
        </fieldset>
        {choice === "own" ? (
          <TextInput
            type="datetime-local"
            aria-label={t("desk:ticket.wait.at.own")}
            value={own}
            error={form.errors.waiting_until}
            onChange={(event) => form.set({ own: event.currentTarget.value, waiting_until: "own" })}
            data-testid="waiting-own"
          />
        ) : (
          form.errors.waiting_until && (
            <p className={styles.error} role="alert">
              {form.errors.waiting_until}
            </p>
          )
        )}
        <p className={styles.note}>{t(`desk:ticket.wait.${choice === "open" ? "openHelp" : "untilHelp"}`)}</p>
      </div>
      {form.message && (
        <p className={styles.error} role="alert">
          {form.message}
        </p>
      )}
      <DialogFooter save={saveLabel} saving={save.isPending} onClose={onClose} testId="waiting-save" />
    </form>
  );
}
