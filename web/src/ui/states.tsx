// What a place shows when it has nothing, is waiting, or could not be loaded.
import { Button } from "@mantine/core";
import { IconCloudOff, IconLock, IconMoodPuzzled } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, OfflineError } from "@/api/http.ts";
import styles from "./states.module.css";

/** True once `active` has lasted 300 ms: nothing flickers for what comes at once. */
export function useDelayed(active: boolean, delay = 300): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!active) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), delay);
    return () => clearTimeout(timer);
  }, [active, delay]);
  return active && late;
}

/** Shows its children after 300 ms; put skeletons into it. */
export function Delayed({ children }: { children: ReactNode }) {
  return useDelayed(true) ? children : null;
}

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  text?: string;
  action?: ReactNode;
  compact?: boolean;
}

/** An empty place says what it is, why it is useful, and offers the one next step. */
export function EmptyState({ icon, title, text, action, compact = false }: EmptyProps) {
  return (
    <div className={styles.state} data-compact={compact || undefined} data-testid="empty-state">
      {icon && <span className={styles.icon}>{icon}</span>}
      <p className={styles.title}>{title}</p>
      {text && <p className={styles.text}>{text}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}

/** A failed place says what happened and what to do. */
export function ErrorState({
  error,
  retry,
  compact = false,
}: {
  error: unknown;
  retry?: () => void;
  compact?: boolean;
}) {
  const { t } = useTranslation();
  const { icon, title, text } = describe(error, t);
  return (
    <div className={styles.state} data-compact={compact || undefined} role="alert" data-testid="error-state">
      <span className={styles.icon}>{icon}</span>
      <p className={styles.title}>{title}</p>
      {text && <p className={styles.text}>{text}</p>}
      {retry && (
        <div className={styles.action}>
          <Button variant="default" onClick={retry}>
            {t("common:retry")}
          </Button>
        </div>
      )}
    </div>
  );
}

function describe(error: unknown, t: (key: string) => string) {
  if (error instanceof OfflineError) {
    return {
      icon: <IconCloudOff size={28} stroke={1.5} />,
      title: t("common:error.offline"),
      text: t("common:error.offlineText"),
    };
  }
  if (error instanceof ApiError && error.status === 403) {
    return {
      icon: <IconLock size={28} stroke={1.5} />,
      title: t("common:error.forbidden"),
      text: t("common:error.forbiddenText"),
    };
  }
  if (error instanceof ApiError && error.status === 404) {
    return {
      icon: <IconMoodPuzzled size={28} stroke={1.5} />,
      title: t("common:error.notFound"),
      text: t("common:error.notFoundText"),
    };
  }
  const detail = error instanceof ApiError ? error.message : t("common:error.internalText");
  return {
    icon: <IconMoodPuzzled size={28} stroke={1.5} />,
    title: t("common:error.internal"),
    text: detail,
  };
}

/** The words for an error in a toast or under a form. */
export function errorText(error: unknown, t: (key: string) => string): string {
  if (error instanceof ApiError) return error.message;
  if (error instanceof OfflineError) return t("common:error.offline");
  return t("common:error.internal");
}
