// One quiet line while the server cannot be reached. It waits two seconds, so that a short hiccup is not announced.
import { IconCloudOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { live } from "@/api/live.ts";
import { useDelayed } from "@/ui/states.tsx";
import { useLiveStatus } from "@/ui/use-live.ts";
import styles from "./shell.module.css";

export function ConnectionBar() {
  const { t } = useTranslation();
  const lost = useDelayed(useLiveStatus() === "lost", 2_000);
  return (
    <div role="status" aria-live="polite">
      {lost && (
        <div className={styles.offline} data-testid="connection-bar">
          <IconCloudOff size={16} stroke={1.5} />
          <span>{t("common:connection.lost")}</span>
          <button type="button" onClick={() => live.retryNow()}>
            {t("common:connection.retry")}
          </button>
        </div>
      )}
    </div>
  );
}
