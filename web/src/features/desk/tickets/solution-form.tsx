// How a ticket was resolved, in words of several lines.
import { Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { TicketSolution } from "@/api/types.ts";
import { DialogFooter } from "@/ui/dialog-footer.tsx";
import { useForm } from "@/ui/use-form.ts";
import type { StepWords } from "./statuses.ts";
import styles from "./tickets.module.css";

interface Props {
  solution: TicketSolution | null | undefined;
  save: string;
  onSave: (words: StepWords) => Promise<unknown>;
  onClose: () => void;
}

export function SolutionForm({ solution, save: saveLabel, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const form = useForm({ solution: solution?.text ?? "" });
  const text = form.values.solution.trim();
  const save = useMutation({
    mutationFn: () => onSave({ solution: text }),
    onSuccess: onClose,
    onError: form.fail,
  });
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const fine = form.complain({ solution: text === "" ? t("desk:ticket.solution.missing") : undefined });
        if (fine && !save.isPending) save.mutate();
      }}
    >
      <Textarea
        label={t("desk:ticket.solution.text")}
        description={t(solution?.earlier ? "desk:ticket.solution.earlierHelp" : "desk:ticket.solution.help")}
        autosize
        minRows={4}
        maxRows={14}
        maxLength={10_000}
        {...form.text("solution")}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
        data-autofocus
        data-testid="solution-text"
      />
      {form.message && (
        <p className={styles.error} role="alert">
          {form.message}
        </p>
      )}
      <DialogFooter save={saveLabel} saving={save.isPending} onClose={onClose} testId="solution-save" />
    </form>
  );
}
