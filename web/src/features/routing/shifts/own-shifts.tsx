// One's own shifts: a month of plan and fact.

import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { dayKey } from "@/lib/time.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { FormSection } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import { monthAfter, monthDays, monthOf, monthTitle } from "./logic.ts";
import { PersonMonth } from "./person-month.tsx";
import { personPlanQuery } from "./queries.ts";
import styles from "./shifts.module.css";
import { useFollowShifts } from "./use-follow-shifts.ts";

export function OwnShifts({ id }: { id: Id }) {
  const { t } = useTranslation();
  const { now, timeZone, locale } = useTime();
  const [month, setMonth] = useState(() => monthOf(dayKey(now, timeZone)));
  const days = monthDays(month);
  const plan = useQuery(personPlanQuery(id, `${month}-01`, days.at(-1) ?? `${month}-28`));
  useFollowShifts();
  const person = plan.data?.people[0];
  return (
    <FormSection
      title={t("shifts:own.title")}
      text={t("shifts:own.text")}
      aside={
        <div className={styles.months}>
          <IconButton label={t("shifts:plan.before")} onClick={() => setMonth(monthAfter(month, -1))}>
            <IconChevronLeft size={18} stroke={1.5} />
          </IconButton>
          <span className={styles.ownMonth} aria-live="polite">
            {monthTitle(month, locale)}
          </span>
          <IconButton label={t("shifts:plan.after")} onClick={() => setMonth(monthAfter(month, 1))}>
            <IconChevronRight size={18} stroke={1.5} />
          </IconButton>
        </div>
      }
    >
      {plan.error && !plan.data ? (
        <ErrorState error={plan.error} retry={() => void plan.refetch()} compact />
      ) : !plan.data ? (
        <RowSkeletons count={4} height={40} />
      ) : !person ? (
        <p className={styles.muted}>{t("shifts:own.notOperator")}</p>
      ) : !person.schedule && person.days.length === 0 ? (
        <p className={styles.muted}>{t("shifts:own.empty")}</p>
      ) : (
        <div data-testid="own-shifts">
          <PersonMonth month={month} plan={plan.data} person={person} />
        </div>
      )}
    </FormSection>
  );
}
