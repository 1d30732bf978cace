// Canned replies under their headings: one's own, or those that everybody has.
import { Button, TextInput } from "@mantine/core";
import { IconMessage2Bolt, IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CannedReply } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./canned-replies.module.css";
import { byFolder, fitting } from "./fitting.ts";
import { cannedRepliesQuery, useFollowCannedReplies } from "./queries.ts";
import { ReplyDialog } from "./reply-dialog.tsx";

const sharedRoute = getRouteApi("/shell/admin/canned-replies");
const ownRoute = getRouteApi("/shell/settings/canned-replies");

export function SharedRepliesPage() {
  const { search = "" } = sharedRoute.useSearch();
  const navigate = useNavigate();
  const show = (next: string) =>
    void navigate({ to: "/admin/canned-replies", search: { search: next || undefined }, replace: true });
  return (
    <Allowed need="canned_replies.manage">
      <Replies kind="shared" search={search} onSearch={show} />
    </Allowed>
  );
}

export function OwnRepliesPage() {
  const { search = "" } = ownRoute.useSearch();
  const navigate = useNavigate();
  const show = (next: string) =>
    void navigate({ to: "/settings/canned-replies", search: { search: next || undefined }, replace: true });
  return (
    <Allowed need="conversations.reply">
      <Replies kind="own" search={search} onSearch={show} />
    </Allowed>
  );
}

interface Props {
  kind: "shared" | "own";
  search: string;
  onSearch: (search: string) => void;
}

function Replies({ kind, search, onSearch }: Props) {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<CannedReply | "new" | null>(null);
  const replies = useQuery(cannedRepliesQuery());
  useFollowCannedReplies(true);
  const shared = kind === "shared";
  const ours = replies.data?.items.filter((reply) => reply.shared === shared);
  const folders = ours && byFolder(fitting(ours, search));
  const columns = useColumns(shared, setEdited);
  const create = (
    <Button
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => setEdited("new")}
      data-testid="canned-create"
    >
      {t("answers:create")}
    </Button>
  );
  const empty = (
    <EmptyState
      icon={<IconMessage2Bolt size={28} stroke={1.5} />}
      title={t(search ? "common:nothingFound" : `answers:${kind}.emptyTitle`)}
      text={t(search ? "answers:nothingText" : `answers:${kind}.emptyText`)}
      action={search ? undefined : create}
    />
  );
  const table = (rows: CannedReply[] | undefined, label: string) => (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      rowKey={(reply) => reply.id}
      rowTestId="canned-row"
      onOpen={setEdited}
      error={replies.error}
      retry={() => void replies.refetch()}
      empty={empty}
    />
  );
  const title = t(`answers:${kind}.title`);
  return (
    <PageFrame
      wide
      title={title}
      text={t(`answers:${kind}.text`)}
      actions={ours?.length ? create : undefined}
    >
      {ours && ours.length > 0 && (
        <TextInput
          className={styles.pageSearch}
          aria-label={t("answers:find")}
          placeholder={t("answers:find")}
          leftSection={<IconSearch size={16} stroke={1.5} />}
          value={search}
          onChange={(event) => onSearch(event.currentTarget.value)}
          data-testid="canned-page-search"
        />
      )}
      {!folders || folders.length === 0
        ? table(folders && [], title)
        : folders.map(([folder, rows]) => (
            <section key={folder} className={styles.folder}>
              {(folder || folders.length > 1) && (
                <h2 className={styles.folderName}>{folder || t("answers:noFolder")}</h2>
              )}
              {table(rows, folder || title)}
            </section>
          ))}
      {edited && (
        <ReplyDialog
          reply={edited === "new" ? null : edited}
          shared={shared}
          folders={[...new Set(ours?.map((reply) => reply.folder).filter(Boolean))]}
          onClose={() => setEdited(null)}
        />
      )}
    </PageFrame>
  );
}

function useColumns(shared: boolean, open: (reply: CannedReply) => void): Column<CannedReply>[] {
  const { t } = useTranslation();
  return [
    {
      key: "name",
      title: t("answers:name"),
      cell: (reply) => (
        <div className={styles.cell}>
          <button type="button" className={styles.rowButton} onClick={() => open(reply)}>
            {reply.name}
          </button>
          <span className={styles.rowWords}>{reply.text}</span>
          {shared && reply.lines.length > 0 && (
            <span className={styles.note}>
              {t("answers:onlyLines", { lines: reply.lines.map((line) => line.name).join(", ") })}
            </span>
          )}
        </div>
      ),
    },
    {
      key: "short",
      title: t("answers:shortName"),
      width: 170,
      cell: (reply) => <code className={styles.short}>/{reply.short_name}</code>,
    },
    {
      key: "used",
      title: t("answers:used"),
      width: 190,
      secondary: true,
      cell: (reply) => (
        <div className={styles.cell} data-testid="canned-used">
          <span className="tnum">
            {reply.use_count > 0 ? t("answers:times", { count: reply.use_count }) : t("answers:never")}
          </span>
          {shared && reply.last_used_by && <span className={styles.note}>{reply.last_used_by.name}</span>}
        </div>
      ),
    },
    {
      key: "changed",
      title: t("answers:changed"),
      width: 170,
      secondary: true,
      cell: (reply) => (
        <div className={styles.cell}>
          <Moment at={reply.updated_at} long />
          {shared && reply.updated_by && <span className={styles.note}>{reply.updated_by.name}</span>}
        </div>
      ),
    },
  ];
}
