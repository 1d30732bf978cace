// How a channel is: a coloured mark with its word.
import { useTranslation } from "react-i18next";
import type { ChannelState } from "@/api/types.ts";
import styles from "./channels.module.css";

export function ChannelStateMark({ state }: { state: ChannelState }) {
  const { t } = useTranslation();
  return (
    <span className={styles.state} data-state={state} data-testid="channel-state">
      <span className={styles.dot} data-state={state} />
      {t(`channels:state.${state}`)}
    </span>
  );
}
