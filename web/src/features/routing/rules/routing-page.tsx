// Routing of one line: its rules, trying them out on a made-up message and on the past, saved at once.
import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me.ts";
import { schedulesQuery } from "@/api/schedules.ts";
import type { Line } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { attributesQuery, routedLineQuery, ruleSetQuery } from "./queries.ts";
import { ReplayTab } from "./replay-tab.tsx";
import type { RuleSet } from "./rule-set.ts";
import styles from "./rules.module.css";
import { RulesTab } from "./rules-tab.tsx";
import { nothingAsked } from "./try-model.ts";
import { TryTab } from "./try-tab.tsx";
import type { Attribute } from "./types.ts";
import { useNames } from "./use-names.ts";
import { useRuleSet } from "./use-rule-set.ts";

const route = getRouteApi("/shell/admin/lines/$lineId/routing");
const tabs = ["rules", "try", "replay"] as const;
type Tab = (typeof tabs)[number];

export function RoutingPage() {
  const { t } = useTranslation();
  const { lineId } = route.useParams();
  const line = useQuery(routedLineQuery(lineId));
  const set = useQuery(ruleSetQuery(lineId));
  const attributes = useQuery(attributesQuery);
  const error = line.error ?? set.error ?? attributes.error;
  return (
    <Allowed need="lines.manage">
      {line.data && set.data && attributes.data ? (
        <Routing key={lineId} line={line.data} saved={set.data} attributes={attributes.data} />
      ) : error ? (
        <ErrorState
          error={error}
          retry={() => {
            for (const query of [line, set, attributes]) if (query.error) void query.refetch();
          }}
        />
      ) : (
        <PageFrame wide title={t("rules:title")}>
          <RowSkeletons count={5} />
        </PageFrame>
      )}
    </Allowed>
  );
}

function Routing({ line, saved, attributes }: { line: Line; saved: RuleSet; attributes: Attribute[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { tab = "rules" } = route.useSearch();
  const [opened, setOpened] = useState<string | null>(null);
  const [asked, setAsked] = useState(nothingAsked);
  const show = (next: Tab) =>
    void navigate({
      to: "/admin/lines/$lineId/routing",
      params: { lineId: line.id },
      search: { tab: next === "rules" ? undefined : next },
      replace: true,
    });
  const edited = useRuleSet(line.id, saved, attributes, (rule) => {
    show("rules");
    if (rule) setOpened(rule);
  });
  const names = useNames(edited.set.rules);
  // Times are told by the clock of the line's hours.
  const schedules = useQuery(schedulesQuery);
  const schedule = schedules.data?.items.find((each) => each.id === line.hours.schedule_id);
  const openRule = (uid: string) => {
    setOpened(uid);
    show("rules");
  };
  const wrong: Record<Tab, boolean> = {
    rules: [edited.faults.fallback, ...Object.values(edited.faults.rules)].some(
      (faults) => Object.keys(faults).length > 0,
    ),
    try: false,
    replay: false,
  };
  return (
    <PageFrame
      wide
      title={t("rules:title")}
      text={t("rules:text", { line: line.name })}
      back={
        <Link to="/admin/lines/$lineId" params={{ lineId: line.id }}>
          {line.name}
        </Link>
      }
    >
      <Tabs
        value={tab}
        onChange={(next) => show(tabs.find((each) => each === next) ?? "rules")}
        keepMounted={false}
      >
        <Tabs.List mb="md" className={styles.tabs}>
          {tabs.map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              c={wrong[each] ? "var(--danger)" : undefined}
              data-testid={`routing-tab-${each}`}
            >
              {t(`rules:tab.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="rules">
          <RulesTab
            line={line}
            edited={edited}
            attributes={attributes}
            names={names}
            opened={opened}
            onOpen={setOpened}
          />
        </Tabs.Panel>
        <Tabs.Panel value="try">
          <TryTab
            line={line.id}
            zone={schedule?.definition.time_zone ?? me.time_zone}
            edited={edited}
            attributes={attributes}
            asked={asked}
            onAsk={(change) => setAsked((old) => ({ ...old, ...change }))}
            onOpenRule={openRule}
          />
        </Tabs.Panel>
        <Tabs.Panel value="replay">
          <ReplayTab line={line.id} edited={edited} attributes={attributes} onOpenRule={openRule} />
        </Tabs.Panel>
      </Tabs>
      <SaveBar
        dirty={edited.changed}
        saving={edited.saving}
        onSave={edited.save}
        onReset={edited.reset}
        error={edited.message}
      />
    </PageFrame>
  );
}
