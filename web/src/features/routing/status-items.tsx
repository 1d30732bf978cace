// The own status in the own menu: what one has now and a change in one click.
import { Menu } from "@mantine/core";
import { IconCheck, IconCoffee } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { StatusDot, statuses } from "@/ui/status-dot.tsx";
import styles from "./routing.module.css";
import { activitiesQuery } from "./staff-queries.ts";
import { useOwnStatus } from "./use-own-status.ts";

export function StatusItems({ onActivity }: { onActivity: () => void }) {
  const { t } = useTranslation();
  const { own, change } = useOwnStatus();
  const { data: activities = [] } = useQuery({ ...activitiesQuery, enabled: own !== undefined });
  const activity = activities.find((each) => each.id === own?.activity_id);
  if (!own) return null;
  return (
    <>
      <Menu.Label>
        {t("routing:status.title")}
        {own.automatic && own.since && (
          <span className={styles.auto}> · {t("routing:status.automatic")}</span>
        )}
      </Menu.Label>
      {statuses.map((status) => (
        <Menu.Item
          key={status}
          leftSection={<StatusDot status={status} silent />}
          rightSection={own.status === status ? <IconCheck size={16} stroke={1.5} /> : undefined}
          onClick={() => void change(status)}
          aria-current={own.status === status}
          data-testid={`status-${status}`}
        >
          <span className={styles.statusName}>{t(`routing:status.${status}`)}</span>
          <span className={styles.statusText}>{t(`routing:means.${status}`)}</span>
        </Menu.Item>
      ))}
      {activities.length > 0 && (
        <Menu.Item
          leftSection={<IconCoffee size={18} stroke={1.5} />}
          onClick={onActivity}
          data-testid="own-activity-open"
        >
          {activity ? t("staff:own.now", { name: activity.name }) : t("staff:own.choose")}
        </Menu.Item>
      )}
      <Menu.Divider />
    </>
  );
}
