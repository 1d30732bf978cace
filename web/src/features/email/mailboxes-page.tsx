import { IconMailbox, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Mailbox } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./email.module.css";
import { MailboxStateMark } from "./mailbox-state.tsx";
import { mailboxesQuery } from "./queries.ts";

export function MailboxesPage() {
  return (
    <Allowed need="channels.manage">
      <Mailboxes />
    </Allowed>
  );
}

function Mailboxes() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  // The moment of the last look changes without an event.
  const mailboxes = useQuery({ ...mailboxesQuery, refetchInterval: 30_000 });
  const refresh = () => client.invalidateQueries({ queryKey: mailboxesQuery.queryKey });
  useLiveEvents(["mailbox_changed", "quarantine_changed"], refresh, refresh);
  const number = (value: number) => value.toLocaleString(i18n.language);

  const columns: Column<Mailbox>[] = [
    {
      key: "address",
      title: t("email:list.address"),
      width: "38%",
      cell: (mailbox) => (
        <div className={styles.cell}>
          <Link to="/admin/mailboxes/$mailboxId" params={{ mailboxId: mailbox.id }} className={styles.link}>
            {mailbox.address}
          </Link>
          <span className={styles.note}>
            {mailbox.name && mailbox.name !== mailbox.address
              ? `${mailbox.name} · ${mailbox.line.name}`
              : mailbox.line.name}
          </span>
        </div>
      ),
    },
    {
      key: "state",
      title: t("email:list.state"),
      cell: (mailbox) => (
        <div className={styles.cell}>
          <MailboxStateMark state={mailbox.state} />
          {mailbox.state_reason && <span className={styles.note}>{mailbox.state_reason}</span>}
        </div>
      ),
    },
    {
      key: "ledger",
      title: t("email:list.ledger"),
      secondary: true,
      width: 190,
      cell: ({ ledger }) => (
        <div className={styles.cell}>
          <span className="tnum">{t("email:list.inLedger", { number: number(ledger.total) })}</span>
          <span className={styles.note}>
            {ledger.server_total === null
              ? t("email:list.serverUnknown")
              : t("email:list.onServer", { number: number(ledger.server_total) })}
            {ledger.quarantined > 0 &&
              ` · ${t("email:list.quarantined", { number: number(ledger.quarantined) })}`}
          </span>
        </div>
      ),
    },
    {
      key: "checked",
      title: t("email:list.checked"),
      secondary: true,
      width: 150,
      cell: (mailbox) =>
        mailbox.last_check_at ? (
          <Moment at={mailbox.last_check_at} long />
        ) : (
          <span className={styles.note}>{t("email:list.never")}</span>
        ),
    },
  ];
  const create = (
    <ButtonLink
      to="/admin/mailboxes/new"
      leftSection={<IconPlus size={18} stroke={1.5} />}
      data-testid="mailbox-create"
    >
      {t("email:list.create")}
    </ButtonLink>
  );
  return (
    <PageFrame
      wide
      title={t("email:list.title")}
      text={t("email:list.text")}
      actions={mailboxes.data && mailboxes.data.items.length > 0 && create}
    >
      <DataTable
        label={t("email:list.title")}
        columns={columns}
        rows={mailboxes.data?.items}
        rowKey={(mailbox) => mailbox.id}
        rowTestId="mailbox-row"
        onOpen={(mailbox) =>
          void navigate({ to: "/admin/mailboxes/$mailboxId", params: { mailboxId: mailbox.id } })
        }
        error={mailboxes.error}
        retry={() => void mailboxes.refetch()}
        empty={
          <EmptyState
            icon={<IconMailbox size={28} stroke={1.5} />}
            title={t("email:list.emptyTitle")}
            text={t("email:list.emptyText")}
            action={create}
          />
        }
      />
    </PageFrame>
  );
}
