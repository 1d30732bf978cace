// An operator of the monitor: what he does and how full he is. A supervisor sets his status and reads how his day goes.
import { Menu, Modal } from "@mantine/core";
import { IconCheck, IconDotsVertical, IconGauge, IconHistory } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import { clock } from "@/lib/time.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { type Status, StatusDot, statuses } from "@/ui/status-dot.tsx";
import { Moment, useTime } from "@/ui/time.tsx";
import { fullness } from "./board-logic.ts";
import { Load } from "./load.tsx";
import styles from "./monitor.module.css";
import { monitorQuery } from "./queries.ts";
import { PersonHistory } from "./staff-history.tsx";
import type { OperatorNow } from "./types.ts";

export function OperatorLine({ operator }: { operator: OperatorNow }) {
  const { t } = useTranslation();
  const [history, setHistory] = useState(false);
  const { user, status, since, activity, absent } = operator;
  const part = Math.min(1, fullness(operator));
  const time = useTime();
  const shift = operator.shift_ends_at
    ? t("shifts:now.until", { at: clock(operator.shift_ends_at, time) })
    : operator.off_shift && !absent
      ? t("shifts:now.off")
      : "";
  const words = absent ? t("routing:monitor.absent") : t(`routing:status.${status}`);
  return (
    <li className={styles.person} data-testid="monitor-person">
      <Avatar
        name={user.name}
        color={user.avatar_color}
        size={28}
        mark={<StatusDot status={status} silent />}
      />
      <div className={styles.who}>
        <p className={styles.personName}>{user.name}</p>
        <p className={styles.muted}>
          {words}
          {activity && ` · ${activity.name}`}
          {shift && ` · ${shift}`}
          {since && (
            <>
              {" · "}
              <Moment at={since} />
            </>
          )}
        </p>
      </div>
      <span className={styles.load}>
        <span className={styles.bar} aria-hidden="true">
          <span
            style={{ width: `${part * 100}%` }}
            data-level={part >= 1 ? "full" : part >= 0.8 ? "soon" : undefined}
          />
        </span>
        <Load operator={operator} />
      </span>
      <PersonMenu operator={operator} onHistory={() => setHistory(true)} />
      <Modal
        opened={history}
        onClose={() => setHistory(false)}
        title={user.name}
        size={640}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        <PersonHistory id={user.id} />
      </Modal>
    </li>
  );
}

function PersonMenu({ operator, onHistory }: { operator: OperatorNow; onHistory: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const { user, status } = operator;
  const change = useMutation({
    mutationFn: (next: Status) => put(`/users/${user.id}/status`, { status: next }),
    onError: (error) => notifyError(error),
    onSettled: () => client.invalidateQueries({ queryKey: monitorQuery.queryKey }),
  });
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <IconButton label={t("staff:monitor.actions", { name: user.name })} data-testid="person-menu">
          <IconDotsVertical size={18} stroke={1.5} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("staff:monitor.setStatus")}</Menu.Label>
        {statuses.map((each) => (
          <Menu.Item
            key={each}
            leftSection={<StatusDot status={each} silent />}
            rightSection={each === status ? <IconCheck size={16} stroke={1.5} /> : undefined}
            onClick={() => each !== status && change.mutate(each)}
            data-testid={`person-status-${each}`}
          >
            {t(`routing:status.${each}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconHistory size={18} stroke={1.5} />} onClick={onHistory}>
          {t("staff:history.title")}
        </Menu.Item>
        {can("users.manage") && (
          <Menu.Item
            component={Link}
            to={`/admin/users/${user.id}/work`}
            leftSection={<IconGauge size={18} stroke={1.5} />}
          >
            {t("staff:person.door")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
