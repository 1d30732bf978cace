// A line at this moment: whether its hours are now, and who of its operators is there.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { schedulesQuery } from "@/api/schedules.ts";
import type { Id } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { FormSection } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { StatusDot, statuses } from "@/ui/status-dot.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import { Load } from "./load.tsx";
import styles from "./staff.module.css";
import { lineNameQuery, type OperatorView, operatorsNowQuery } from "./staff-queries.ts";

export function LineNowSection({ line }: { line: Id }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const served = useQuery(lineNameQuery(line));
  // Read again every minute: it opens and closes by itself.
  const schedules = useQuery({ ...schedulesQuery, refetchInterval: 60_000 });
  const operators = useQuery(operatorsNowQuery);
  useLiveEvents(["operator_status_changed", "operator_changed", "group_changed", "line_changed"], () =>
    client.invalidateQueries({ queryKey: operatorsNowQuery.queryKey }),
  );
  const own = operators.data?.filter((operator) => operator.lines.includes(line));
  const id = served.data?.hours.schedule_id;
  const schedule = schedules.data?.items.find((each) => each.id === id);
  const hours = !served.data
    ? null
    : !id
      ? "always"
      : !schedule
        ? null
        : schedule.open_now
          ? "open"
          : "closed";
  return (
    <FormSection title={t("staff:now.title")} text={hours ? t(`staff:now.${hours}`) : ""}>
      {operators.error && !own ? (
        <ErrorState error={operators.error} retry={() => void operators.refetch()} compact />
      ) : !own ? (
        <RowSkeletons count={2} height={40} />
      ) : own.length === 0 ? (
        <p className={styles.warning}>{t("staff:now.nobody")}</p>
      ) : (
        <ul className={styles.rows}>
          {own.toSorted(byStatus).map((operator) => (
            <Row key={operator.user.id} operator={operator} />
          ))}
        </ul>
      )}
    </FormSection>
  );
}

/** Those who are free first, then by name. */
function byStatus(a: OperatorView, b: OperatorView): number {
  const rank = (operator: OperatorView) => (operator.absent ? 9 : statuses.indexOf(operator.status));
  return rank(a) - rank(b) || a.user.name.localeCompare(b.user.name);
}

function Row({ operator }: { operator: OperatorView }) {
  const { user, status, absent } = operator;
  const { t } = useTranslation();
  const can = useCan();
  return (
    <li className={styles.row}>
      <Avatar
        name={user.name}
        color={user.avatar_color}
        size={28}
        mark={<StatusDot status={status} silent />}
      />
      <div className={styles.rowMain}>
        {can("users.manage") ? (
          <Link to="/admin/users/$userId/work" params={{ userId: user.id }} className={styles.link}>
            {user.name}
          </Link>
        ) : (
          <p className={styles.strong}>{user.name}</p>
        )}
        <p className={styles.note}>{absent ? t("routing:monitor.absent") : t(`routing:status.${status}`)}</p>
      </div>
      <span className={styles.note}>
        <Load operator={operator} />
      </span>
    </li>
  );
}
