// The calendar of shifts: people by days of a month, what was planned and what was worked. On a phone one person's list.
import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import {
  IconCalendarUser,
  IconChevronLeft,
  IconChevronRight,
  IconDownload,
  IconSearch,
  IconUserPlus,
} from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { address } from "@/api/http.ts";
import { useCan, useMe } from "@/api/me.ts";
import type { Person } from "@/api/types.ts";
import { dayKey } from "@/lib/time.ts";
import { setTitle } from "@/lib/title.ts";
import { ButtonLink } from "@/ui/button-link.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { Delayed, EmptyState, ErrorState } from "@/ui/states.tsx";
import { useTime } from "@/ui/time.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import { AssignDialog } from "./assign-dialog.tsx";
import { DayDialog } from "./day-dialog.tsx";
import { monthAfter, monthDays, monthOf, monthTitle } from "./logic.ts";
import { PersonDialog } from "./person-dialog.tsx";
import { PersonMonth } from "./person-month.tsx";
import { PlanGrid } from "./plan-grid.tsx";
import { groupsQuery, type PersonPlan, type PlanFilter, planQuery, type ShiftPlan } from "./queries.ts";
import styles from "./shifts.module.css";
import { useFollowShifts } from "./use-follow-shifts.ts";

const route = getRouteApi("/shell/shifts");

export function PlanPage() {
  const { t } = useTranslation();
  const { now, timeZone, locale } = useTime();
  const can = useCan();
  const { month = monthOf(dayKey(now, timeZone)), view = "plan", group } = route.useSearch();
  const navigate = route.useNavigate();
  const [words, setWords] = useState("");
  const [assigning, setAssigning] = useState(false);
  const search = useDebounced(words.trim(), 250);
  const days = monthDays(month);
  const filter: PlanFilter = {
    from: `${month}-01`,
    to: days.at(-1) ?? `${month}-28`,
    group,
    search: search || undefined,
  };
  const plan = useInfiniteQuery(planQuery(filter));
  const groups = useQuery(groupsQuery);
  useFollowShifts();
  useEffect(() => setTitle(t("shifts:plan.title")), [t]);
  const go = (change: { month?: string; view?: "plan" | "fact"; group?: string }) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const first = plan.data?.pages[0];
  const mayPlan = first?.may_plan ?? false;
  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{t("shifts:plan.title")}</h1>
        <div className={styles.months}>
          <IconButton label={t("shifts:plan.before")} onClick={() => go({ month: monthAfter(month, -1) })}>
            <IconChevronLeft size={18} stroke={1.5} />
          </IconButton>
          <h2 className={styles.month} aria-live="polite" data-testid="plan-month">
            {monthTitle(month, locale)}
          </h2>
          <IconButton
            label={t("shifts:plan.after")}
            onClick={() => go({ month: monthAfter(month, 1) })}
            data-testid="plan-next"
          >
            <IconChevronRight size={18} stroke={1.5} />
          </IconButton>
        </div>
        <SegmentedControl
          aria-label={t("shifts:plan.view")}
          size="xs"
          data={(["plan", "fact"] as const).map((value) => ({
            value,
            label: t(`shifts:plan.views.${value}`),
          }))}
          value={view}
          onChange={(value) => go({ view: value })}
          className={styles.wideOnly}
          data-testid="plan-view"
        />
        {mayPlan && (
          <div className={styles.tools}>
            <TextInput
              aria-label={t("shifts:plan.find")}
              placeholder={t("shifts:plan.find")}
              leftSection={<IconSearch size={16} stroke={1.5} />}
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
              className={styles.find}
            />
            <Select
              aria-label={t("shifts:plan.group")}
              placeholder={t("shifts:plan.allGroups")}
              data={groups.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
              value={group ?? null}
              onChange={(value) => go({ group: value ?? undefined })}
              clearable
              clearButtonProps={{ "aria-label": t("shifts:plan.allGroups") }}
              searchable
              nothingFoundMessage={t("common:nothingFound")}
              className={styles.find}
            />
          </div>
        )}
        <div className={styles.actions}>
          {can("users.manage") && (
            <ButtonLink to="/admin/shifts" variant="subtle">
              {t("shifts:plan.kinds")}
            </ButtonLink>
          )}
          <Button
            component="a"
            href={address("/shift-plan/export", { ...filter })}
            download
            variant="default"
            leftSection={<IconDownload size={18} stroke={1.5} />}
            data-testid="plan-export"
          >
            CSV
          </Button>
          {mayPlan && (
            <Button
              leftSection={<IconUserPlus size={18} stroke={1.5} />}
              onClick={() => setAssigning(true)}
              data-testid="plan-assign"
            >
              {t("shifts:assign.open")}
            </Button>
          )}
        </div>
      </header>
      {plan.error && !plan.data ? (
        <ErrorState error={plan.error} retry={() => void plan.refetch()} />
      ) : !first ? (
        <Delayed>
          <RowSkeletons count={8} height={40} />
        </Delayed>
      ) : first.people.length === 0 ? (
        <EmptyState
          icon={<IconCalendarUser size={28} stroke={1.5} />}
          title={t(search || group ? "common:nothingFound" : "shifts:plan.empty")}
          text={search || group ? undefined : t("shifts:plan.emptyText")}
        />
      ) : (
        <Month
          month={month}
          view={view}
          people={plan.data?.pages.flatMap((page) => page.people) ?? []}
          first={first}
          more={plan.hasNextPage}
          loadingMore={plan.isFetchingNextPage}
          onMore={() => void plan.fetchNextPage()}
        />
      )}
      {assigning && <AssignDialog onClose={() => setAssigning(false)} />}
    </main>
  );
}

interface MonthProps {
  month: string;
  view: "plan" | "fact";
  people: PersonPlan[];
  first: ShiftPlan;
  more: boolean;
  loadingMore: boolean;
  onMore: () => void;
}

function Month({ month, view, people, first, more, loadingMore, onMore }: MonthProps) {
  const { t } = useTranslation();
  const me = useMe();
  const [opened, setOpened] = useState<{ person: PersonPlan; day: string } | null>(null);
  const [assigned, setAssigned] = useState<Person | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const open = useCallback((person: PersonPlan, day: string) => setOpened({ person, day }), []);
  const own =
    people.find(({ user }) => user.id === chosen) ??
    people.find(({ user }) => user.id === me.id) ??
    people[0];
  return (
    <>
      <div className={styles.wide}>
        <PlanGrid
          month={month}
          view={view}
          plan={first}
          people={people}
          onDay={open}
          onPerson={first.may_plan ? setAssigned : undefined}
        />
        {more && (
          <div className={styles.more}>
            <Button variant="default" loading={loadingMore} onClick={onMore}>
              {t("common:loadMore")}
            </Button>
          </div>
        )}
      </div>
      <div className={styles.narrow}>
        {people.length > 1 && (
          <Select
            label={t("shifts:plan.person")}
            data={people.map(({ user }) => ({ value: user.id, label: user.name }))}
            value={own?.user.id ?? null}
            onChange={setChosen}
            searchable
            allowDeselect={false}
            nothingFoundMessage={t("common:nothingFound")}
            mb="md"
          />
        )}
        {own && (
          <PersonMonth
            month={month}
            plan={first}
            person={own}
            onDay={(day) => setOpened({ person: own, day })}
          />
        )}
      </div>
      {opened && (
        <DayDialog
          plan={first}
          person={people.find(({ user }) => user.id === opened.person.user.id) ?? opened.person}
          people={people}
          day={opened.day}
          onClose={() => setOpened(null)}
        />
      )}
      {assigned && <PersonDialog user={assigned} onClose={() => setAssigned(null)} />}
    </>
  );
}
