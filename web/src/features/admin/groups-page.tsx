// The groups of staff: who is in them, which lines they serve.
import { Button } from "@mantine/core";
import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Group } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { Avatar } from "@/ui/avatar.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./admin.module.css";
import { GroupDialog } from "./group-dialog.tsx";
import { groupsQuery } from "./queries.ts";

export function GroupsPage() {
  return (
    <Allowed need="users.manage">
      <Groups />
    </Allowed>
  );
}

const faces = 5;

function Groups() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const groups = useQuery(groupsQuery);
  const [creating, setCreating] = useState(false);
  useLiveEvents(["group_changed", "user_changed"], () =>
    client.invalidateQueries({ queryKey: ["admin", "groups"] }),
  );
  const open = (group: Group) =>
    void navigate({ to: "/admin/groups/$groupId", params: { groupId: group.id } });

  const columns: Column<Group>[] = [
    {
      key: "name",
      title: t("admin:groups.name"),
      cell: (group) => (
        <div className={styles.cell}>
          <Link to="/admin/groups/$groupId" params={{ groupId: group.id }} className={styles.link}>
            {group.name}
          </Link>
          {group.description && <span className={styles.note}>{group.description}</span>}
        </div>
      ),
    },
    {
      key: "members",
      title: t("admin:groups.members"),
      cell: (group) =>
        group.members.length === 0 ? (
          <span className={styles.warning}>{t("admin:groups.nobody")}</span>
        ) : (
          <span className={styles.faces} title={group.members.map((person) => person.name).join(", ")}>
            {group.members.slice(0, faces).map((person) => (
              <Avatar key={person.id} name={person.name} color={person.avatar_color} size={24} />
            ))}
            <i className={styles.more}>{t("admin:groups.people", { count: group.members.length })}</i>
          </span>
        ),
    },
    {
      key: "lines",
      title: t("admin:groups.lines"),
      secondary: true,
      cell: (group) =>
        [...new Set(group.lines.map((line) => line.name))].join(", ") || (
          <span className={styles.note}>{t("admin:groups.noLines")}</span>
        ),
    },
  ];
  const create = (
    <Button
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => setCreating(true)}
      data-testid="group-create"
    >
      {t("admin:groups.create")}
    </Button>
  );
  return (
    <PageFrame
      wide
      title={t("admin:section.groups")}
      text={t("admin:groups.text")}
      actions={groups.data && groups.data.items.length > 0 && create}
    >
      <DataTable
        label={t("admin:section.groups")}
        columns={columns}
        rows={groups.data?.items}
        rowKey={(group) => group.id}
        rowTestId="group-row"
        onOpen={open}
        error={groups.error}
        retry={() => void groups.refetch()}
        empty={
          <EmptyState
            icon={<IconUsersGroup size={28} stroke={1.5} />}
            title={t("admin:groups.emptyTitle")}
            text={t("admin:groups.emptyText")}
            action={create}
          />
        }
      />
      <GroupDialog opened={creating} onClose={() => setCreating(false)} onCreated={open} />
    </PageFrame>
  );
}
