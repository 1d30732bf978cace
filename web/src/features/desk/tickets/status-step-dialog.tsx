// What a status asks for: "waiting" why and until when, "resolved" how. Whoever sets a status of a ticket opens it.
// Invariant: nothing is changed before it is saved, so that leaving it leaves the status as it was.
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Ticket } from "@/api/types.ts";
import { SolutionForm } from "./solution-form.tsx";
import type { StatusStep, StepWords } from "./statuses.ts";
import { WaitingForm } from "./waiting-form.tsx";

interface Props {
  step: StatusStep;
  opened: boolean;
  /** What is said of it already; none of a ticket that is yet to be made. */
  ticket?: Pick<Ticket, "waiting" | "solution">;
  /** The status is this one already: only its words change. */
  again?: boolean;
  /** A refusal is shown beside its field. */
  onSave: (words: StepWords) => Promise<unknown>;
  onClose: () => void;
}

export function StatusStepDialog({ step, opened, ticket, again = false, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const deed = again ? "again" : "first";
  const frame = (of: StatusStep, form: ReactNode) => (
    <Modal
      opened={opened && step === of}
      onClose={onClose}
      title={t(`desk:ticket.step.${of}.${deed}`)}
      size={480}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {form}
    </Modal>
  );
  const common = (of: StatusStep) => ({
    save: again ? t("common:save") : t(`desk:ticket.step.${of}.save`),
    onSave,
    onClose,
  });
  return (
    <>
      {frame("waiting", <WaitingForm waiting={ticket?.waiting} {...common("waiting")} />)}
      {frame("resolved", <SolutionForm solution={ticket?.solution} {...common("resolved")} />)}
    </>
  );
}
