// The last conversations of the line again, under the rules as they stand on the page: what would go elsewhere.
import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import type { Id } from "@/api/types.ts";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { FormSection } from "@/ui/page.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { missingTarget, type RuleSet, refusedRules, remaining, triedRules } from "./rule-set.ts";
import styles from "./try.module.css";
import type { Attribute, Difference, Replay, ReplayResult } from "./types.ts";
import { Unfinished, unfinishedRules } from "./unfinished.tsx";
import type { EditedSet } from "./use-rule-set.ts";

interface Props {
  line: Id;
  edited: EditedSet;
  attributes: readonly Attribute[];
  onOpenRule: (uid: string) => void;
}

const most = 200;

function replayOf(set: RuleSet): Replay {
  const { target, manager_first } = set.fallback;
  return { rules: triedRules(set), default_target: target, manager_first, limit: most };
}

export function ReplayTab({ line, edited, attributes, onOpenRule }: Props) {
  const { t } = useTranslation();
  const replay = useMutation({
    mutationFn: (body: Replay) => post<ReplayResult>(`/lines/${line}/routing-rules/replay`, body),
  });
  const { set, changed } = edited;
  const unfinished = unfinishedRules(set.rules, attributes);
  const body = replayOf(set);
  const refused = replay.error instanceof ApiError ? refusedRules(replay.error.fields, remaining(set)) : [];
  const stale = replay.data !== undefined && JSON.stringify(replay.variables) !== JSON.stringify(body);
  return (
    <FormSection title={t("rules:replay.title")} text={t("rules:replay.text", { count: most })}>
      <Unfinished rules={refused.length > 0 ? refused : unfinished} onOpen={onOpenRule} />
      <div className={styles.start}>
        <Button
          leftSection={<IconHistory size={18} stroke={1.5} />}
          loading={replay.isPending}
          disabled={!changed || unfinished.length > 0 || missingTarget(set.fallback.target) !== null}
          onClick={() => replay.mutate(body)}
          data-testid="replay"
        >
          {t("rules:replay.start")}
        </Button>
        {!changed && <span className={styles.note}>{t("rules:replay.unchanged")}</span>}
        {changed && stale && <span className={styles.note}>{t("rules:replay.stale")}</span>}
      </div>
      {refused.length > 0 ? null : replay.error ? (
        <ErrorState error={replay.error} retry={() => replay.mutate(body)} compact />
      ) : (
        replay.data && !replay.isPending && <Differences told={replay.data} />
      )}
    </FormSection>
  );
}

function Differences({ told }: { told: ReplayResult }) {
  const { t } = useTranslation();
  if (told.total === 0)
    return <EmptyState compact title={t("rules:replay.none")} text={t("rules:replay.noneText")} />;
  const columns: Column<Difference>[] = [
    {
      key: "conversation",
      title: t("rules:replay.conversation"),
      width: "40%",
      cell: ({ conversation }) => (
        <Link
          to="/c/$view/$conversationId"
          params={{ view: "all", conversationId: conversation.id }}
          target="_blank"
          className={styles.open}
        >
          {conversation.number}. {conversation.subject || t("common:noSubject")}
        </Link>
      ),
    },
    {
      key: "before",
      title: t("rules:replay.before"),
      width: "30%",
      secondary: true,
      cell: ({ before }) => <Outcome outcome={before} />,
    },
    { key: "after", title: t("rules:replay.after"), cell: (row) => <After row={row} /> },
  ];
  return (
    <>
      <p className={styles.total} role="status" data-testid="replay-total">
        {told.changed.length === 0
          ? t("rules:replay.allSame", { count: told.total })
          : t("rules:replay.differ", { count: told.changed.length, total: told.total })}
      </p>
      {told.changed.length > 0 && (
        <DataTable
          label={t("rules:replay.title")}
          columns={columns}
          rows={told.changed}
          rowKey={({ conversation }) => conversation.id}
          empty={null}
          rowTestId="replay-row"
        />
      )}
    </>
  );
}

function After({ row: { before, after } }: { row: Difference }) {
  const { t } = useTranslation();
  const sameTarget = JSON.stringify(before.result.target) === JSON.stringify(after.result.target);
  return (
    <>
      <Outcome outcome={after} />
      <span className={styles.was}>{t("rules:replay.was", { where: before.result.words })}</span>
      {sameTarget && <span className={styles.note}>{t("rules:replay.otherActions")}</span>}
    </>
  );
}

function Outcome({ outcome }: { outcome: Difference["before"] }) {
  return (
    <span className={styles.cell}>
      <span>{outcome.result.words}</span>
      <span className={styles.note}>{outcome.rule}</span>
    </span>
  );
}
