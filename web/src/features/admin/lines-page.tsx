// The lines: where clients write to, who answers there.
import { Badge, Switch } from "@mantine/core";
import { IconBriefcase, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { Line } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./admin.module.css";
import { allLinesQuery, mailboxesQuery } from "./queries.ts";

const route = getRouteApi("/shell/admin/lines");

export function LinesPage() {
  return (
    <Allowed need="lines.manage">
      <Lines />
    </Allowed>
  );
}

function Lines() {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { archived = false } = route.useSearch();
  const lines = useQuery(allLinesQuery);
  const mailboxes = useQuery({ ...mailboxesQuery, enabled: can("channels.manage") });
  useLiveEvents(["line_changed"], () => client.invalidateQueries({ queryKey: ["admin", "lines"] }));

  const some = lines.data?.items.some((line) => line.archived_at !== null) ?? false;
  const rows = lines.data?.items.filter((line) => archived || line.archived_at === null);
  const columns: Column<Line>[] = [
    {
      key: "name",
      title: t("admin:lines.name"),
      cell: (line) => (
        <div className={styles.cell}>
          <Link to="/admin/lines/$lineId" params={{ lineId: line.id }} className={styles.link}>
            {line.name}
          </Link>
          <span className={styles.note}>
            {line.key}
            {line.archived_at && (
              <Badge ml={8} color="gray" variant="light" tt="none" fw={500}>
                {t("admin:lines.archived")}
              </Badge>
            )}
          </span>
        </div>
      ),
    },
    {
      key: "groups",
      title: t("admin:lines.operators"),
      secondary: true,
      cell: (line) =>
        line.operator_groups.length > 0 ? (
          line.operator_groups.map((group) => group.name).join(", ")
        ) : (
          <span className={styles.warning}>{t("admin:lines.nobody")}</span>
        ),
    },
  ];
  if (mailboxes.data) {
    const { items } = mailboxes.data;
    columns.push({
      key: "mailboxes",
      title: t("admin:lines.mailboxes"),
      cell: (line) => {
        const own = items.filter((mailbox) => mailbox.line.id === line.id);
        return own.length > 0 ? (
          own.map((mailbox) => mailbox.address).join(", ")
        ) : (
          <span className={styles.note}>{t("admin:lines.noMailboxes")}</span>
        );
      },
    });
  }
  const create = (
    <ButtonLink
      to="/admin/lines/new"
      leftSection={<IconPlus size={18} stroke={1.5} />}
      data-testid="line-create"
    >
      {t("admin:lines.create")}
    </ButtonLink>
  );

  return (
    <PageFrame
      wide
      title={t("admin:section.lines")}
      text={t("admin:lines.text")}
      actions={lines.data && lines.data.items.length > 0 && create}
    >
      {some && (
        <Switch
          mb="md"
          label={t("admin:lines.showArchived")}
          checked={archived}
          onChange={(event) =>
            void navigate({
              to: "/admin/lines",
              search: { archived: event.currentTarget.checked || undefined },
              replace: true,
            })
          }
        />
      )}
      <DataTable
        label={t("admin:section.lines")}
        columns={columns}
        rows={rows}
        rowKey={(line) => line.id}
        rowTestId="line-row"
        onOpen={(line) => void navigate({ to: "/admin/lines/$lineId", params: { lineId: line.id } })}
        error={lines.error}
        retry={() => void lines.refetch()}
        empty={
          <EmptyState
            icon={<IconBriefcase size={28} stroke={1.5} />}
            title={t("admin:lines.emptyTitle")}
            text={t("admin:lines.emptyText")}
            action={
              <ButtonLink
                to="/admin/lines/first"
                leftSection={<IconPlus size={18} stroke={1.5} />}
                data-testid="line-first"
              >
                {t("admin:lines.create")}
              </ButtonLink>
            }
          />
        }
      />
    </PageFrame>
  );
}
