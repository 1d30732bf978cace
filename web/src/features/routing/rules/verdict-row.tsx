// What one rule said about the message: its outcome, and each of its tests with what was there.
import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { traceRows } from "./trace.ts";
import styles from "./try.module.css";
import type { Attribute, Verdict } from "./types.ts";
import { expectedWords } from "./words.ts";

interface Props {
  verdict: Verdict;
  attributes: readonly Attribute[];
  /** Null: it is no rule of the list. */
  number: number | null;
  /** Null: there is nothing to open. */
  onOpen: (() => void) | null;
}

export function VerdictRow({ verdict, attributes, number, onOpen }: Props) {
  const { t } = useTranslation();
  const name = number === null ? verdict.name : `${number}. ${verdict.name}`;
  return (
    <>
      <div className={styles.verdictHead}>
        {onOpen ? (
          <button type="button" className={styles.link} onClick={onOpen}>
            {name}
          </button>
        ) : (
          <span className={styles.strong}>{name}</span>
        )}
        <Badge variant="light" size="sm" color={colours[verdict.outcome]}>
          {t(`routing:outcome.${verdict.outcome}`)}
        </Badge>
      </div>
      {verdict.reason && <p className={styles.reason}>{verdict.reason}</p>}
      {verdict.tests.length > 0 && <Tests tests={verdict.tests} attributes={attributes} />}
    </>
  );
}

function Tests({ tests, attributes }: { tests: Verdict["tests"]; attributes: readonly Attribute[] }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.tests}>
      {traceRows(tests).map((row) => (
        <li
          key={row.key}
          style={{ paddingLeft: row.depth * 16 }}
          data-good={row.kind === "test" ? row.good : undefined}
        >
          {row.kind === "group" ? (
            <span className={styles.actual}>{t(`rules:join.${row.join}`)}:</span>
          ) : (
            <>
              <span aria-label={t(row.good ? "rules:try.passed" : "rules:try.failed")} role="img">
                {row.good ? "✓" : "✕"}
              </span>{" "}
              {row.test.label}: {expectedWords(row.test, attributes, t)}
              {!(row.good && row.test.passed) && (
                <span className={styles.actual}>
                  {" "}
                  {row.test.actual
                    ? t("rules:try.actual", { actual: row.test.actual })
                    : t("rules:try.nothing")}
                </span>
              )}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

const colours: Record<Verdict["outcome"], string> = {
  matched: "green",
  not_matched: "gray",
  skipped: "yellow",
  not_reached: "gray",
  off: "gray",
};
