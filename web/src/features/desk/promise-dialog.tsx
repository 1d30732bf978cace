// Why a promise is due when it is: which norm was chosen, what happened to it, which time counted and which did not.
import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SlaClock, SlaSegment } from "@/api/types.ts";
import { measuredWords } from "@/lib/due.ts";
import { byDays, logWords, standingWords } from "@/lib/promise-words.ts";
import { clock as clockTime, dayKey, dayTitle, shortMoment } from "@/lib/time.ts";
import { Moment, useTime } from "@/ui/time.tsx";
import { CountedBar } from "./promise-item.tsx";
import styles from "./promises.module.css";

export default function PromiseDialog({ clock, onClose }: { clock: SlaClock; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      title={t("sla:promises.whyTitle", { norm: t(`sla:norm.${clock.norm}`) })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <div className={styles.dialog} data-testid="promise-dialog">
        <section>
          {clock.trace.length > 0 && (
            <ol className={styles.trace} data-testid="promise-trace">
              {clock.trace.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
          )}
          <p className={styles.sentence}>{clock.why}</p>
          <p className={styles.muted}>
            {t("sla:promises.policy", { name: clock.policy })} ·{" "}
            {clock.schedule ? t("sla:promises.schedule", { name: clock.schedule }) : t("sla:promises.always")}
          </p>
        </section>
        <section>
          <p className={styles.sentence}>
            {standingWords(clock, t)}
            {clock.due_at && (
              <>
                {" · "}
                {t("sla:promises.due")} <Moment at={clock.due_at} long />
              </>
            )}
          </p>
          <CountedBar clock={clock} />
        </section>
        <section>
          <h3 className={styles.part}>{t("sla:promises.log")}</h3>
          <ol className={styles.log} data-testid="promise-log">
            {clock.log.map((entry, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what happened never changes its order
              <li key={index} className={styles.entry} data-what={entry.what}>
                <Moment at={entry.at} long className={styles.entryTime} />
                <span>{logWords(entry, t)}</span>
              </li>
            ))}
          </ol>
        </section>
        {clock.segments.length > 0 && (
          <section>
            <h3 className={styles.part}>{t("sla:promises.time")}</h3>
            <Days clock={clock} />
          </section>
        )}
      </div>
    </Modal>
  );
}

function Days({ clock }: { clock: SlaClock }) {
  const { t } = useTranslation();
  const time = useTime();
  const spanOf = ({ from, to }: SlaSegment) => {
    const day = dayKey(from, time.timeZone);
    const sameDay = day === dayKey(Date.parse(to) - 1, time.timeZone);
    return sameDay
      ? `${clockTime(from, time)} – ${clockTime(to, time)}`
      : `${clockTime(from, time)} – ${shortMoment(to, time.locale, time.timeZone)}`;
  };
  return byDays(clock.segments, time.timeZone).map(({ key, pieces }) => (
    <div key={key} className={styles.day} data-testid="promise-day">
      <h4 className={styles.dayName}>{dayTitle(pieces[0]?.from ?? key, time)}</h4>
      <ol className={styles.pieces}>
        {pieces.map((piece) => {
          const counts = piece.counted_seconds > 0;
          return (
            <li
              key={piece.from}
              className={styles.piece}
              data-counts={counts || undefined}
              data-testid="promise-piece"
            >
              <span className={`${styles.pieceTime} tnum`}>{spanOf(piece)}</span>
              <span className={styles.pieceWhy}>
                {piece.name === "" ? t(`sla:reason.${piece.reason}`) : piece.name}
              </span>
              <span className={`${styles.pieceLength} tnum`}>
                {counts ? `+ ${measuredWords(piece.counted_seconds, t)}` : t("sla:whatIf.notCounted")}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  ));
}
