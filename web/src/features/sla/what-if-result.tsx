// The answer to "what if": the moment or the length, and every piece with its reason.
import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SchedulePreview } from "@/api/types.ts";
import { shortMoment } from "@/lib/time.ts";
import { Delayed, errorText } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import { type Asked, lengthParts, shownMoment } from "./schedule-model.ts";
import styles from "./sla.module.css";
import type { Told } from "./use-preview.ts";

interface Props {
  asked: Asked;
  told: Told;
  timeZone: string;
}

export function WhatIfResult({ asked, told, timeZone }: Props) {
  const { t } = useTranslation();
  const { locale } = useTime();
  const length = useLength();
  if (told.wrong || told.error) {
    return (
      <p className={styles.error} role="alert">
        {told.wrong ? t("sla:whatIf.fix") : errorText(told.error, t)}
      </p>
    );
  }
  if (!told.preview) {
    return (
      <Delayed>
        <Skeleton height={56} />
      </Delayed>
    );
  }
  const { due, counted_seconds } = told.preview;
  return (
    <div aria-live="polite">
      <p className={styles.note}>{t(asked.kind === "norm" ? "sla:whatIf.due" : "sla:whatIf.counted")}</p>
      <p className={styles.answer} data-testid="what-if-answer">
        {asked.kind === "end"
          ? length(counted_seconds)
          : due
            ? shownMoment(due, locale, timeZone)
            : t("sla:whatIf.never")}
      </p>
      <Pieces preview={told.preview} timeZone={timeZone} />
    </div>
  );
}

function Pieces({ preview, timeZone }: { preview: SchedulePreview; timeZone: string }) {
  const { t } = useTranslation();
  const { locale } = useTime();
  const length = useLength();
  return (
    <>
      <ol className={styles.pieces}>
        {preview.segments.map((piece) => {
          const counts = piece.counted_seconds > 0;
          return (
            <li
              key={piece.from}
              className={styles.piece}
              data-counts={counts || undefined}
              data-testid="piece"
            >
              <span className={`${styles.pieceTime} tnum`}>
                {shortMoment(piece.from, locale, timeZone)} – {shortMoment(piece.to, locale, timeZone)}
              </span>
              <span className={styles.pieceWhy}>
                {piece.name === "" ? t(`sla:reason.${piece.reason}`) : piece.name}
              </span>
              <span className={`${styles.pieceLength} tnum`}>
                {counts ? `+ ${length(piece.counted_seconds)}` : t("sla:whatIf.notCounted")}
              </span>
            </li>
          );
        })}
      </ol>
      {preview.segments_cut && <p className={styles.note}>{t("sla:whatIf.cut")}</p>}
    </>
  );
}

function useLength(): (seconds: number) => string {
  const { t } = useTranslation();
  return (seconds) =>
    lengthParts(seconds)
      .map(({ unit, count }) => t(`sla:length.${unit}`, { count }))
      .join(" ");
}
