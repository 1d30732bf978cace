// What is to be known before sending: why it cannot go, or how many messages it becomes.
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/i18n/index.ts";
import { fileSize } from "@/lib/text.ts";
import styles from "./route-line.module.css";
import type { Trouble } from "./routes.ts";

export function RouteNotices({ troubles, parts }: { troubles: readonly Trouble[]; parts: number }) {
  const { t } = useTranslation();
  return (
    <div aria-live="polite">
      {troubles.map((trouble) => (
        <p key={trouble.kind} className={styles.notice} data-kind={trouble.kind} data-testid="route-trouble">
          <IconAlertTriangle size={16} stroke={1.5} />
          <span>
            {trouble.reason ??
              t(`desk:trouble.${trouble.kind}`, {
                name: trouble.name,
                size: fileSize(trouble.limit ?? 0, currentLocale()),
              })}
          </span>
        </p>
      ))}
      {parts > 1 && (
        <p className={styles.notice} data-kind="parts" data-testid="route-parts">
          <IconInfoCircle size={16} stroke={1.5} />
          <span>{t("desk:trouble.parts", { count: parts })}</span>
        </p>
      )}
    </div>
  );
}
