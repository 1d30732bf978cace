// One promise: how it stands, by when it is to be kept, how much of its time has passed.
import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SlaClock, SlaSubject } from "@/api/types.ts";
import { lengthWords, measuredWords } from "@/lib/due.ts";
import { countedPercent, standingOf, standingWords } from "@/lib/promise-words.ts";
import { DueBadge } from "@/ui/due-badge.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./promises.module.css";

interface Props {
  of: SlaSubject;
  clock: SlaClock;
  onAsk: () => void;
}

export function PromiseItem({ of, clock, onAsk }: Props) {
  const { t } = useTranslation();
  const { norm, state, due_at, warn_at, ended_at } = clock;
  const standing = standingOf(clock);
  return (
    <li className={styles.promise} data-testid="promise" data-norm={norm} data-standing={standing}>
      <div className={styles.head}>
        <span className={styles.norm}>{t(`sla:norm.${norm}`)}</span>
        {state === "running" && due_at && (
          <DueBadge due={{ norm, at: due_at, warn_at: warn_at ?? due_at }} of={of} />
        )}
      </div>
      <p className={styles.standing} data-standing={standing}>
        {standingWords(clock, t)}
      </p>
      {ended_at ? (
        <p className={styles.muted}>
          {t("sla:promises.ended")} <Moment at={ended_at} long />
        </p>
      ) : (
        due_at && (
          <p className={styles.muted}>
            {t("sla:promises.due")} <Moment at={due_at} long />
          </p>
        )
      )}
      <CountedBar clock={clock} />
      <p className={styles.muted}>{t("sla:promises.policy", { name: clock.policy })}</p>
      <UnstyledButton className={styles.why} onClick={onAsk} data-testid="promise-why">
        {t("sla:promises.why")}
      </UnstyledButton>
    </li>
  );
}

export function CountedBar({ clock }: { clock: SlaClock }) {
  const { t } = useTranslation();
  const words = t("sla:promises.counted", {
    counted: measuredWords(clock.counted_seconds, t),
    target: lengthWords(clock.target_seconds, t),
  });
  return (
    <div className={styles.counted}>
      <div className={styles.bar} aria-hidden="true">
        <div
          className={styles.fill}
          data-standing={standingOf(clock)}
          style={{ width: `${countedPercent(clock)}%` }}
        />
      </div>
      <span className={`${styles.muted} tnum`}>{words}</span>
    </div>
  );
}
