// How long is left to keep a promise, or how long it has been broken. It ticks by itself and asks the server nothing.
import { IconAlarm, IconClockExclamation, IconClockHour4 } from "@tabler/icons-react";
import { useCallback, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Due, SlaSubject } from "@/api/types.ts";
import { dueTone, dueWords, type Tone } from "@/lib/due.ts";
import { ticker } from "@/lib/ticker.ts";
import { exactTime } from "@/lib/time.ts";
import { useTime } from "@/ui/time.tsx";
import styles from "./due-badge.module.css";

const icon = { size: 13, stroke: 1.8, "aria-hidden": true } as const;
const icons = {
  calm: <IconClockHour4 {...icon} />,
  soon: <IconAlarm {...icon} />,
  late: <IconClockExclamation {...icon} />,
};

/** Of a ticket the reaction is not an answer. */
export function DueBadge({ due, of = "conversation" }: { due: Due; of?: SlaSubject }) {
  const { t } = useTranslation();
  const time = useTime();
  const deadline = Date.parse(due.at);
  const subscribe = useCallback((listener: () => void) => ticker.watch(listener, deadline), [deadline]);
  // As one text: only a badge whose words have changed is drawn again.
  const shown = useSyncExternalStore(
    subscribe,
    () => `${dueTone(due, ticker.now)}|${dueWords(due.at, ticker.now, t)}`,
  );
  const [tone, words] = shown.split("|") as [Tone, string];
  const norm = of === "ticket" && due.norm === "reaction" ? "ticket_reaction" : due.norm;
  const call = t(tone === "soon" ? `sla:due.soon.${norm}` : `sla:due.${tone}`);
  return (
    <span
      className={`${styles.badge} tnum`}
      data-tone={tone}
      data-testid="due-badge"
      title={t("sla:due.hint", { call, norm: t(`sla:norm.${due.norm}`), at: exactTime(due.at, time) })}
    >
      {icons[tone]}
      <span className="visually-hidden">
        {call}, {t(`sla:norm.${due.norm}`)}:
      </span>
      {words}
    </span>
  );
}
