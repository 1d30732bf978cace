// Why a ticket waits and until when, in one line: short in a list, whole on its card.
import { IconClockPause } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Ticket, TicketWaiting } from "@/api/types.ts";
import { useTime } from "@/ui/time.tsx";
import panel from "../panel.module.css";
import styles from "./tickets.module.css";
import { untilWords } from "./waiting.ts";

/** Beside the status, which says already that it waits. */
export function WaitingNote({ ticket: { status, waiting } }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const time = useTime();
  if (status !== "waiting" || !waiting) return null;
  const until = waiting.until && t("desk:ticket.wait.until", { time: untilWords(waiting.until, time) });
  const words = [until, waiting.reason].filter(Boolean).join(" · ");
  return (
    <span className={styles.waitingNote} title={words} data-testid="ticket-waiting">
      <IconClockPause size={14} stroke={1.6} aria-hidden="true" />
      <span className={styles.waitingWords}>{words}</span>
    </span>
  );
}

export function WaitingLine({
  waiting,
  onChange,
}: {
  waiting: TicketWaiting | null | undefined;
  /** Left out where nothing may be changed. */
  onChange?: () => void;
}) {
  const { t } = useTranslation();
  const time = useTime();
  const until = waiting?.until;
  const standing = until
    ? t("desk:ticket.wait.waitsUntil", { time: untilWords(until, time) })
    : t("desk:ticket.statuses.waiting");
  return (
    <div className={styles.waitingLine} data-testid="ticket-waiting">
      <IconClockPause size={16} stroke={1.5} aria-hidden="true" />
      <p>
        {standing} · {waiting?.reason ?? t("desk:ticket.wait.noReason")}
      </p>
      {onChange && (
        <button
          type="button"
          className={panel.inlineLink}
          onClick={onChange}
          aria-label={t("desk:ticket.wait.change")}
          data-testid="waiting-change"
        >
          {t("desk:ticket.change")}
        </button>
      )}
    </div>
  );
}
