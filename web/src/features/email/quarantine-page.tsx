// Letters that could not be taken in: nothing is lost, everything waits here for a person or another try.
import { Button } from "@mantine/core";
import { IconCircleCheck, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { usePages } from "@/api/pages.ts";
import type { QuarantineItem } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { LoadMore } from "@/ui/load-more.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./email.module.css";

export function QuarantinePage() {
  return (
    <Allowed need="quarantine.manage">
      <Quarantine />
    </Allowed>
  );
}

function Quarantine() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [retrying, setRetrying] = useState(false);
  const pages = usePages<QuarantineItem>(["quarantine", "list"], "/quarantine");
  const refresh = () => client.invalidateQueries({ queryKey: ["quarantine"] });
  useLiveEvents(["quarantine_changed"], refresh, refresh);
  const retryAll = useMutation({
    mutationFn: () => post<void>("/quarantine/retry-all"),
    onSuccess: () => notifyDone(t("email:quarantine.retryingAll")),
    onError: (error) => notifyError(error),
    onSettled: () => {
      setRetrying(false);
      return refresh();
    },
  });
  const open = (item: QuarantineItem) =>
    void navigate({ to: "/admin/quarantine/$itemId", params: { itemId: item.id } });

  const columns: Column<QuarantineItem>[] = [
    {
      key: "letter",
      title: t("email:ledger.letter"),
      cell: (item) => (
        <div className={styles.cell}>
          <Link to="/admin/quarantine/$itemId" params={{ itemId: item.id }} className={styles.link}>
            {item.subject || t("common:noSubject")}
          </Link>
          <span className={styles.note}>{item.from || t("email:ledger.noSender")}</span>
        </div>
      ),
    },
    {
      key: "error",
      title: t("email:quarantine.error"),
      cell: (item) => <span>{item.error}</span>,
    },
    {
      key: "where",
      title: t("email:quarantine.where"),
      secondary: true,
      cell: (item) => (
        <div className={styles.cell}>
          <span>{item.line.name}</span>
          {item.mailbox && <span className={styles.note}>{item.mailbox.address}</span>}
        </div>
      ),
    },
    {
      key: "seen",
      title: t("email:ledger.seen"),
      secondary: true,
      width: 150,
      cell: (item) => <Moment at={item.seen_at} long />,
    },
  ];
  return (
    <PageFrame
      wide
      title={t("email:quarantine.title")}
      text={t("email:quarantine.text")}
      actions={
        pages.rows &&
        pages.rows.length > 0 && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={18} stroke={1.5} />}
            onClick={() => setRetrying(true)}
            data-testid="quarantine-retry-all"
          >
            {t("email:quarantine.retryAll")}
          </Button>
        )
      }
    >
      <DataTable
        label={t("email:quarantine.title")}
        columns={columns}
        rows={pages.rows}
        rowKey={(item) => item.id}
        rowTestId="quarantine-row"
        onOpen={open}
        error={pages.error}
        retry={pages.retry}
        empty={
          <EmptyState
            icon={<IconCircleCheck size={28} stroke={1.5} />}
            title={t("email:quarantine.emptyTitle")}
            text={t("email:quarantine.emptyText")}
          />
        }
      />
      <LoadMore pages={pages} />
      <ConfirmDialog
        opened={retrying}
        title={t("email:quarantine.retryAllTitle")}
        text={t("email:quarantine.retryAllText")}
        confirm={t("email:quarantine.retryAll")}
        harmless
        loading={retryAll.isPending}
        onConfirm={() => retryAll.mutate()}
        onClose={() => setRetrying(false)}
      />
    </PageFrame>
  );
}
