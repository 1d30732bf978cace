// One stage: who, how long it may take and took, by when, and what can be done with it.
import { Button } from "@mantine/core";
import {
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleMinus,
  IconPlayerPauseFilled,
  IconProgress,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import type { RouteStage } from "@/api/types.ts";
import { lengthWords, measuredWords } from "@/lib/due.ts";
import { DueBadge } from "@/ui/due-badge.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./stages.module.css";

export type StageAct = "take" | "complete" | "skip";

interface Props {
  stage: RouteStage;
  /** It runs together with the one before it. */
  beside: boolean;
  editable: boolean;
  onAct: (act: StageAct) => void;
}

const icon = { size: 18, stroke: 1.5 } as const;

function Mark({ stage: { state, paused } }: { stage: RouteStage }) {
  const { t } = useTranslation();
  const icons = {
    waiting: <IconCircleDashed {...icon} />,
    running: paused ? <IconPlayerPauseFilled size={16} /> : <IconProgress {...icon} />,
    done: <IconCircleCheckFilled size={18} />,
    skipped: <IconCircleMinus {...icon} />,
    cancelled: <IconCircleMinus {...icon} />,
  };
  return (
    <span className={styles.mark} role="img" aria-label={t(`stages:state.${paused ? "paused" : state}`)}>
      {icons[state]}
    </span>
  );
}

export function StageItem({ stage, beside, editable, onAct }: Props) {
  const { t } = useTranslation();
  const { state, paused, due_at, warn_at, overrun_seconds, missed_at, reaction_missed_at } = stage;
  const late = overrun_seconds > 0 || missed_at !== null;
  const runs = state === "running";
  return (
    <li
      className={styles.stage}
      data-state={state}
      data-late={late || undefined}
      data-beside={beside || undefined}
      data-testid="stage"
    >
      <Mark stage={stage} />
      <div className={styles.body}>
        <div className={styles.nameRow}>
          <span className={styles.name}>{stage.name}</span>
          {runs && due_at && !paused && (
            <DueBadge due={{ norm: "resolution", at: due_at, warn_at: warn_at ?? due_at }} of="ticket" />
          )}
        </div>
        <div className={styles.tags}>
          <span className={styles.muted}>
            {(stage.taken_by ?? stage.user)?.name ?? stage.group?.name ?? t("stages:nobody")}
            {" · "}
            {t(`stages:kind.${stage.kind}`)}
            {stage.ola && ` · ${stage.ola}`}
          </span>
          {stage.must_complete && <span className={styles.tag}>{t("stages:must")}</span>}
          {beside && <span className={styles.tag}>{t("stages:beside")}</span>}
          {paused && (
            <span className={styles.tag} data-tone="wait">
              {t("stages:state.paused")}
            </span>
          )}
          {(state === "skipped" || state === "cancelled") && (
            <span className={styles.tag}>{t(`stages:state.${state}`)}</span>
          )}
          {late && (
            <span className={styles.tag} data-tone="late">
              {t("stages:late", { time: measuredWords(Math.max(60, overrun_seconds), t) })}
            </span>
          )}
          {reaction_missed_at && (
            <span className={styles.tag} data-tone="late">
              {t("stages:takenLate")}
            </span>
          )}
        </div>
        <PlanAndFact stage={stage} />
        {stage.why.map((words) => (
          <p key={words} className={styles.why} data-testid="stage-why">
            {words}
          </p>
        ))}
        {stage.result && <p className={styles.result}>{stage.result}</p>}
        {editable && <Buttons stage={stage} onAct={onAct} />}
      </div>
    </li>
  );
}

function PlanAndFact({ stage }: { stage: RouteStage }) {
  const { t } = useTranslation();
  const { state, own_seconds, target_seconds, counted_seconds, planned_at, due_at, started_at, ended_at } =
    stage;
  const began = state !== "waiting" && started_at;
  if (own_seconds === null && !began) return null;
  const percent = target_seconds ? Math.min(100, (counted_seconds * 100) / target_seconds) : 0;
  return (
    <>
      {state === "running" && target_seconds !== null && (
        <div className={styles.bar} data-late={stage.overrun_seconds > 0 || undefined} aria-hidden="true">
          <span style={{ width: `${percent}%` }} />
        </div>
      )}
      <dl className={styles.facts}>
        {own_seconds != null && (
          <div>
            <dt>{t("stages:plan")}</dt>
            <dd className="tnum">
              {lengthWords(own_seconds, t)}
              {planned_at && (
                <>
                  {" · "}
                  <Moment at={planned_at} long />
                </>
              )}
            </dd>
          </div>
        )}
        {began ? (
          <div>
            <dt>{t("stages:fact")}</dt>
            <dd className={`tnum ${stage.overrun_seconds > 0 ? styles.late : ""}`} data-testid="stage-fact">
              {own_seconds != null && target_seconds != null
                ? t("stages:counted", {
                    counted: measuredWords(counted_seconds, t),
                    target: lengthWords(target_seconds, t),
                  })
                : t("stages:noTime")}
              {ended_at && (
                <>
                  {" · "}
                  <Moment at={ended_at} long />
                </>
              )}
            </dd>
          </div>
        ) : (
          due_at && (
            <div>
              <dt>{t("stages:expected")}</dt>
              <dd className="tnum">
                {target_seconds != null &&
                  target_seconds !== own_seconds &&
                  `${lengthWords(target_seconds, t)} · `}
                <Moment at={due_at} long />
              </dd>
            </div>
          )
        )}
      </dl>
    </>
  );
}

function Buttons({ stage, onAct }: { stage: RouteStage; onAct: (act: StageAct) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { state, must_complete, taken_by } = stage;
  const runs = state === "running";
  const skippable = !must_complete && (runs || state === "waiting");
  if (!runs && !skippable) return null;
  return (
    <div className={styles.buttons}>
      {runs && (
        <Button size="xs" onClick={() => onAct("complete")} data-testid="stage-complete">
          {t("stages:complete")}
        </Button>
      )}
      {runs && taken_by?.id !== me.id && (
        <Button size="xs" variant="default" onClick={() => onAct("take")} data-testid="stage-take">
          {t("stages:take")}
        </Button>
      )}
      {skippable && (
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          onClick={() => onAct("skip")}
          data-testid="stage-skip"
        >
          {t("stages:skip")}
        </Button>
      )}
    </div>
  );
}
