// How the lines do at this moment, for those who watch over them: figures by line and the people who serve them.
import { Switch, TextInput } from "@mantine/core";
import { IconActivity, IconCalendarUser, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { ButtonLink } from "@/ui/button-link.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { Delayed, EmptyState, ErrorState } from "@/ui/states.tsx";
import { setSilent, useSilent } from "@/ui/use-silent.ts";
import { useFollowed } from "./follow.ts";
import { orderLines } from "./logic.ts";
import styles from "./monitor.module.css";
import { LineCard } from "./monitor-line.tsx";
import { orderPeople } from "./monitor-logic.ts";
import { OperatorLine } from "./monitor-person.tsx";
import { monitorQuery } from "./queries.ts";
import type { Monitor } from "./types.ts";

export function MonitorPage() {
  const { t } = useTranslation();
  // Waits grow without events.
  const query = useQuery({ ...monitorQuery, refetchInterval: 15_000 });
  useFollowed(monitorQuery.queryKey);
  const silent = useSilent();
  const watching = query.data && query.data.lines.length > 0;
  return (
    <div className={styles.scroll}>
      <PageFrame
        title={t("routing:monitor.title")}
        text={t("routing:monitor.text")}
        wide
        actions={
          watching && (
            <>
              <ButtonLink
                to="/shifts"
                variant="default"
                leftSection={<IconCalendarUser size={18} stroke={1.5} />}
                data-testid="monitor-shifts"
              >
                {t("shifts:plan.title")}
              </ButtonLink>
              <Switch
                label={t("staff:silent.switch")}
                description={t("staff:silent.help")}
                checked={silent}
                onChange={(event) => setSilent(event.currentTarget.checked)}
                maw={320}
                data-testid="silent-switch"
              />
            </>
          )
        }
      >
        {query.isError && !query.data ? (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        ) : !query.data ? (
          <Delayed>
            <RowSkeletons count={4} />
          </Delayed>
        ) : !watching ? (
          <EmptyState
            icon={<IconActivity size={28} stroke={1.5} />}
            title={t("routing:monitor.empty")}
            text={t("routing:monitor.emptyText")}
          />
        ) : (
          <Watched monitor={query.data} />
        )}
      </PageFrame>
    </div>
  );
}

function Watched({ monitor }: { monitor: Monitor }) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [line, setLine] = useState<Id | null>(null);
  const needle = words.trim().toLowerCase();
  const people = orderPeople(monitor.operators).filter(
    ({ user, lines }) => user.name.toLowerCase().includes(needle) && (line === null || lines.includes(line)),
  );
  const chosen = monitor.lines.find((each) => each.line.id === line)?.line;
  return (
    <>
      <div className={styles.lines} data-testid="monitor">
        {orderLines(monitor.lines).map((each) => (
          <LineCard
            key={each.line.id}
            line={each}
            chosen={each.line.id === line}
            onPeople={() => setLine(each.line.id === line ? null : each.line.id)}
          />
        ))}
      </div>
      <div className={styles.peopleHead}>
        <h2 className={styles.heading}>
          {chosen ? t("staff:monitor.peopleOf", { name: chosen.name }) : t("routing:monitor.people")}
        </h2>
        <TextInput
          aria-label={t("staff:monitor.find")}
          placeholder={t("staff:monitor.find")}
          leftSection={<IconSearch size={16} stroke={1.5} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </div>
      {people.length === 0 ? (
        <p className={styles.muted}>{t("common:nothingFound")}</p>
      ) : (
        <ul className={styles.people}>
          {people.map((operator) => (
            <OperatorLine key={operator.user.id} operator={operator} />
          ))}
        </ul>
      )}
    </>
  );
}
