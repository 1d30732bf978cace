// The staff: who they are, what they may, when they were here last.
import { Badge, Button, Switch, TextInput } from "@mantine/core";
import { IconPlus, IconSearch, IconUser } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePages } from "@/api/pages.ts";
import type { User } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { Avatar } from "@/ui/avatar.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { LoadMore } from "@/ui/load-more.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./admin.module.css";
import { UserDialog } from "./user-dialog.tsx";

const route = getRouteApi("/shell/admin/users");

export function UsersPage() {
  return (
    <Allowed need="users.manage">
      <Users />
    </Allowed>
  );
}

function Users() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { search = "", blocked = false, create = false } = route.useSearch();
  const [typed, setTyped] = useState(search);
  const settled = useDebounced(typed.trim(), 250);
  const show = (change: { search?: string; blocked?: boolean; create?: boolean }) =>
    void navigate({
      to: "/admin/users",
      search: (old) => ({ ...old, ...change }),
      replace: true,
    });
  useEffect(() => {
    if (settled !== search)
      void navigate({
        to: "/admin/users",
        search: (old) => ({ ...old, search: settled || undefined }),
        replace: true,
      });
  }, [settled, search, navigate]);
  const pages = usePages<User>(["admin", "users", "list"], "/users", { search, include_blocked: blocked });
  useLiveEvents(["user_changed"], () => client.invalidateQueries({ queryKey: ["admin", "users"] }));

  const columns: Column<User>[] = [
    {
      key: "name",
      title: t("admin:users.name"),
      cell: (user) => (
        <div className={styles.person}>
          <Avatar name={user.name} color={user.avatar_color} size={32} />
          <div className={styles.cell}>
            <span>
              <Link to="/admin/users/$userId" params={{ userId: user.id }} className={styles.link}>
                {user.name}
              </Link>
              {user.blocked && (
                <Badge ml={8} color="red" variant="light" tt="none" fw={500}>
                  {t("admin:users.blocked")}
                </Badge>
              )}
            </span>
            <span className={styles.note}>{user.email}</span>
          </div>
        </div>
      ),
    },
    { key: "role", title: t("admin:users.role"), cell: (user) => user.role.name },
    {
      key: "groups",
      title: t("admin:users.groups"),
      secondary: true,
      cell: (user) =>
        user.groups.map((group) => group.name).join(", ") || (
          <span className={styles.note}>{t("admin:users.noGroups")}</span>
        ),
    },
    {
      key: "seen",
      title: t("admin:users.seen"),
      secondary: true,
      width: 160,
      cell: (user) =>
        user.last_seen_at ? (
          <Moment at={user.last_seen_at} long />
        ) : (
          <span className={styles.note}>{t("admin:users.neverSeen")}</span>
        ),
    },
  ];

  return (
    <PageFrame
      wide
      title={t("admin:section.users")}
      text={t("admin:users.text")}
      actions={
        <Button
          leftSection={<IconPlus size={18} stroke={1.5} />}
          onClick={() => show({ create: true })}
          data-testid="user-create"
        >
          {t("admin:users.create")}
        </Button>
      }
    >
      <div className={styles.tools}>
        <TextInput
          className={styles.search}
          type="search"
          aria-label={t("admin:users.search")}
          placeholder={t("admin:users.search")}
          leftSection={<IconSearch size={18} stroke={1.5} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-testid="user-search"
        />
        <Switch
          label={t("admin:users.showBlocked")}
          checked={blocked}
          onChange={(event) => show({ blocked: event.currentTarget.checked || undefined })}
        />
      </div>
      <DataTable
        label={t("admin:section.users")}
        columns={columns}
        rows={pages.rows}
        rowKey={(user) => user.id}
        rowTestId="user-row"
        onOpen={(user) => void navigate({ to: "/admin/users/$userId", params: { userId: user.id } })}
        error={pages.error}
        retry={pages.retry}
        empty={
          <EmptyState
            icon={<IconUser size={28} stroke={1.5} />}
            title={t("common:nothingFound")}
            text={t("admin:users.notFound")}
          />
        }
      />
      <LoadMore pages={pages} />
      <UserDialog opened={create} onClose={() => show({ create: undefined })} />
    </PageFrame>
  );
}
