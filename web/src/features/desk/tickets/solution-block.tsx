// How a ticket was resolved: the words, who said them and when. Of one that was opened again they are the earlier ones.
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { patch } from "@/api/http.ts";
import type { Ticket } from "@/api/types.ts";
import { Moment } from "@/ui/time.tsx";
import panel from "../panel.module.css";
import { StatusStepDialog } from "./status-step-dialog.tsx";
import styles from "./tickets.module.css";

interface Props {
  ticket: Ticket;
  editable: boolean;
  onSaved: (ticket: Ticket) => void;
}

export function SolutionBlock({ ticket, editable, onSaved }: Props) {
  const { t } = useTranslation();
  const heading = useId();
  const [changing, setChanging] = useState(false);
  const { id, status, solution } = ticket;
  if (!solution) return null;
  const isOver = status === "resolved" || status === "closed";
  return (
    <section aria-labelledby={heading} className={styles.solution} data-testid="ticket-solution">
      <div className={styles.solutionHead}>
        <h2 id={heading} className={styles.part}>
          {t("desk:ticket.solution.title")}
        </h2>
        {solution.earlier && <span className={styles.status}>{t("desk:ticket.solution.earlier")}</span>}
        {editable && isOver && (
          <button
            type="button"
            className={panel.inlineLink}
            onClick={() => setChanging(true)}
            aria-label={t("desk:ticket.solution.change")}
            data-testid="solution-change"
          >
            {t("desk:ticket.change")}
          </button>
        )}
      </div>
      <p className={styles.solutionText}>{solution.text}</p>
      <p className={styles.note}>
        {solution.author?.name ?? t("desk:event.system")} · <Moment at={solution.at} long />
      </p>
      <StatusStepDialog
        step="resolved"
        opened={changing}
        ticket={ticket}
        again
        onSave={async (words) => onSaved(await patch<Ticket>(`/tickets/${id}`, words))}
        onClose={() => setChanging(false)}
      />
    </section>
  );
}
