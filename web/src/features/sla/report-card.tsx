// The figures of one norm: the share that was kept, and the numbers behind it.
import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SlaCause, SlaNormFigures } from "@/api/types.ts";
import { measuredWords, percentWords } from "@/lib/due.ts";
import { useTime } from "@/ui/time.tsx";
import styles from "./report.module.css";
import { type Result, results } from "./report-model.ts";

interface Props {
  figures: SlaNormFigures;
  /** The share that is to be kept; null: nobody has said. */
  wanted: number | null;
  onOpen: (result: Result, cause?: SlaCause) => void;
}

export function NormCard({ figures, wanted, onOpen }: Props) {
  const { t } = useTranslation();
  const { locale } = useTime();
  const { norm, total, kept_percent, mean_seconds, p90_seconds, causes } = figures;
  const time = (seconds: number | null) => (seconds === null ? "—" : measuredWords(seconds, t));
  const shown = results.filter((result) => figures[result] > 0);
  return (
    <section className={styles.card} aria-label={t(`sla:norm.${norm}`)} data-testid={`report-${norm}`}>
      <h2 className={styles.norm}>{t(`sla:norm.${norm}`)}</h2>
      <p
        className={`${styles.percent} tnum`}
        data-below={(wanted !== null && kept_percent !== null && kept_percent < wanted) || undefined}
        data-testid="kept-percent"
      >
        {kept_percent === null ? "—" : percentWords(kept_percent, locale)}
      </p>
      <p className={styles.note}>
        {t("sla:report.keptPercent")}
        {wanted !== null && `. ${t("sla:report.wanted", { percent: percentWords(wanted, locale) })}`}
      </p>
      <div className={styles.bar} aria-hidden="true">
        {shown.map((result) => (
          <div key={result} data-result={result} style={{ flexGrow: figures[result] }} />
        ))}
      </div>
      <ul className={styles.numbers}>
        {([...results, "all"] as const).map((result) => {
          const count = result === "all" ? total : figures[result];
          return (
            <li key={result}>
              <UnstyledButton
                className={styles.number}
                disabled={count === 0}
                onClick={() => onOpen(result)}
                data-testid={`report-${result}`}
              >
                <span className={styles.key} data-result={result} aria-hidden="true" />
                <span className={styles.label}>{t(`sla:report.result.${result}`)}</span>
                <span className={`${styles.count} tnum`}>{count}</span>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
      {causes.length > 0 && (
        <>
          <h3 className={styles.causes}>{t("sla:report.causes")}</h3>
          <ul className={styles.numbers}>
            {causes.map(({ cause, count }) => (
              <li key={cause ?? "unknown"}>
                <UnstyledButton
                  className={styles.number}
                  disabled={cause === null}
                  onClick={() => cause && onOpen("missed", cause)}
                  data-testid={`report-cause-${cause ?? "unknown"}`}
                >
                  <span className={styles.label}>{t(`sla:cause.${cause ?? "unknown"}`)}</span>
                  <span className={`${styles.count} tnum`}>{count}</span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </>
      )}
      <dl className={styles.times}>
        <dt>{t("sla:report.mean")}</dt>
        <dd className="tnum">{time(mean_seconds)}</dd>
        <dt>{t("sla:report.p90")}</dt>
        <dd className="tnum">{time(p90_seconds)}</dd>
      </dl>
    </section>
  );
}
