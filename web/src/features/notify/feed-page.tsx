// The feed: what concerns the person, the newest first. The filter is in the address.
import { Button, SegmentedControl } from "@mantine/core";
import { IconBell, IconChecks, IconSettings } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePages } from "@/api/pages.ts";
import type { Notification } from "@/api/types.ts";
import { ButtonLink } from "@/ui/button-link.tsx";
import { LoadMore } from "@/ui/load-more.tsx";
import { notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { FeedRow } from "./feed-row.tsx";
import styles from "./notify.module.css";
import { countQuery, notificationsKey, readAll } from "./queries.ts";

const route = getRouteApi("/shell/notifications");

export function FeedPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { unread = false } = route.useSearch();
  const count = useQuery(countQuery).data?.unread ?? 0;
  const pages = usePages<Notification>(notificationsKey, "/notifications", { unread });
  const read = useMutation({
    mutationFn: readAll,
    onError: notifyError,
    onSettled: () => client.invalidateQueries({ queryKey: notificationsKey }),
  });

  return (
    <div className={styles.scroll}>
      <PageFrame
        title={t("notify:title")}
        text={t("notify:text")}
        actions={
          <>
            <ButtonLink
              variant="default"
              to="/settings/notifications"
              leftSection={<IconSettings size={18} stroke={1.5} />}
            >
              {t("notify:settingsLink")}
            </ButtonLink>
            {count > 0 && (
              <Button
                variant="default"
                leftSection={<IconChecks size={18} stroke={1.5} />}
                loading={read.isPending}
                onClick={() => read.mutate()}
                data-testid="notifications-read-all"
              >
                {t("notify:readAll")}
              </Button>
            )}
          </>
        }
      >
        <SegmentedControl
          className={styles.filter}
          aria-label={t("notify:filter")}
          value={unread ? "unread" : "all"}
          onChange={(value) =>
            void navigate({ to: "/notifications", search: { unread: value === "unread" || undefined } })
          }
          data={[
            { value: "all", label: t("notify:all") },
            { value: "unread", label: t("notify:unread") },
          ]}
        />
        {pages.error ? (
          <ErrorState error={pages.error} retry={pages.retry} />
        ) : !pages.rows ? (
          <RowSkeletons count={6} height={60} />
        ) : pages.rows.length === 0 ? (
          <EmptyState
            icon={<IconBell size={28} stroke={1.5} />}
            title={t(unread ? "notify:emptyUnread" : "notify:empty")}
            text={t("notify:emptyText")}
          />
        ) : (
          <ul className={styles.list}>
            {pages.rows.map((row) => (
              <FeedRow key={row.id} row={row} />
            ))}
          </ul>
        )}
        <LoadMore pages={pages} />
      </PageFrame>
    </div>
  );
}
