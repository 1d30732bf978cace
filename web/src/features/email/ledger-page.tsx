// The ledger of a mailbox: every letter the server ever showed, what became of it and why.
import { SegmentedControl } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePages } from "@/api/pages.ts";
import type { LedgerRow } from "@/api/types.ts";
import { fileSize } from "@/lib/text.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { LoadMore } from "@/ui/load-more.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import styles from "./email.module.css";
import { outcomes } from "./outcomes.ts";
import { mailboxQuery } from "./queries.ts";

const route = getRouteApi("/shell/admin/mailboxes/$mailboxId/ledger");

export function LedgerPage() {
  return (
    <Allowed need="channels.manage">
      <Ledger />
    </Allowed>
  );
}

function Ledger() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { mailboxId } = route.useParams();
  const { outcome } = route.useSearch();
  const mailbox = useQuery(mailboxQuery(mailboxId));
  const pages = usePages<LedgerRow>(["ledger", mailboxId], `/mailboxes/${mailboxId}/ledger`, { outcome });
  const locale = i18n.language === "en" ? "en" : "ru";

  const columns: Column<LedgerRow>[] = [
    {
      key: "letter",
      title: t("email:ledger.letter"),
      cell: (row) => (
        <div className={styles.cell}>
          <span>{row.subject || t("common:noSubject")}</span>
          <span className={styles.note}>{row.from || t("email:ledger.noSender")}</span>
        </div>
      ),
    },
    {
      key: "outcome",
      title: t("email:ledger.outcome"),
      cell: (row) => (
        <div className={styles.cell}>
          <span>
            {t(`email:outcomeOne.${row.outcome}`)}
            {row.conversation && (
              <>
                {": "}
                <Link
                  to="/c/$view/$conversationId"
                  params={{ view: "all", conversationId: row.conversation.id }}
                >
                  {t("email:ledger.conversation", { number: row.conversation.number })}
                </Link>
              </>
            )}
          </span>
          {row.reason && <span className={styles.note}>{row.reason}</span>}
        </div>
      ),
    },
    {
      key: "size",
      title: t("email:ledger.size"),
      secondary: true,
      align: "right",
      width: 90,
      cell: (row) => <span className="tnum">{fileSize(row.size, locale)}</span>,
    },
    {
      key: "seen",
      title: t("email:ledger.seen"),
      secondary: true,
      width: 150,
      cell: (row) => <Moment at={row.seen_at} long />,
    },
  ];
  return (
    <PageFrame
      wide
      title={t("email:ledger.title")}
      text={t("email:ledger.pageText")}
      back={
        <Link to="/admin/mailboxes/$mailboxId" params={{ mailboxId }}>
          {mailbox.data?.address ?? t("email:mailbox.title")}
        </Link>
      }
    >
      <div className={styles.tools} style={{ overflowX: "auto", flexWrap: "nowrap" }}>
        <SegmentedControl
          aria-label={t("email:ledger.outcome")}
          value={outcome ?? "all"}
          data={[
            { value: "all", label: t("email:outcome.all") },
            ...outcomes.map((value) => ({ value, label: t(`email:outcome.${value}`) })),
          ]}
          onChange={(value) =>
            void navigate({
              to: "/admin/mailboxes/$mailboxId/ledger",
              params: { mailboxId },
              search: { outcome: outcomes.find((each) => each === value) },
              replace: true,
            })
          }
          data-testid="ledger-outcome"
        />
      </div>
      <DataTable
        label={t("email:ledger.title")}
        columns={columns}
        rows={pages.rows}
        rowKey={(row) => row.id}
        rowTestId="ledger-row"
        error={pages.error}
        retry={pages.retry}
        empty={
          <EmptyState
            icon={<IconMail size={28} stroke={1.5} />}
            title={outcome ? t("email:ledger.emptyOutcome") : t("email:ledger.emptyTitle")}
            text={outcome ? undefined : t("email:ledger.emptyText")}
          />
        }
      />
      <LoadMore pages={pages} />
    </PageFrame>
  );
}
