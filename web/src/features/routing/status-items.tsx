// The own status in the own menu: what one has now and a change in one click.
import { Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { StatusDot, statuses } from "@/ui/status-dot.tsx";
import styles from "./routing.module.css";
import { useOwnStatus } from "./use-own-status.ts";

export function StatusItems() {
  const { t } = useTranslation();
  const { own, change } = useOwnStatus();
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
      <Menu.Divider />
    </>
  );
}
