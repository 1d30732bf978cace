// The web forms: where each leads, how often it was sent, whether it is open.
import { Switch } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy, IconForms, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { patch } from "@/api/http.ts";
import type { WebForm } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import styles from "./forms.module.css";
import { formQuery, formsQuery } from "./queries.ts";

export function FormsPage() {
  return (
    <Allowed need="channels.manage">
      <Forms />
    </Allowed>
  );
}

function Forms() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const forms = useQuery(formsQuery);
  const refresh = () => client.invalidateQueries({ queryKey: formsQuery.queryKey });
  useLiveEvents(["form_changed"], refresh, refresh);

  const columns: Column<WebForm>[] = [
    {
      key: "name",
      title: t("forms:list.name"),
      cell: (form) => (
        <div className={styles.cell}>
          <Link to="/admin/forms/$formId" params={{ formId: form.id }} className={styles.link}>
            {form.name}
          </Link>
          <span className={styles.note}>{form.line.name}</span>
        </div>
      ),
    },
    {
      key: "submissions",
      title: t("forms:list.submissions"),
      width: 140,
      secondary: true,
      cell: (form) =>
        form.submissions === 0 ? (
          <span className={styles.note}>{t("forms:list.none")}</span>
        ) : (
          <Link
            to="/admin/forms/$formId"
            params={{ formId: form.id }}
            search={{ tab: "submissions" }}
            className="tnum"
          >
            {form.submissions.toLocaleString(i18n.language)}
          </Link>
        ),
    },
    {
      key: "enabled",
      title: t("forms:list.enabled"),
      width: 110,
      cell: (form) => <OnOff form={form} />,
    },
    {
      key: "address",
      title: t("forms:list.address"),
      width: 90,
      align: "right",
      cell: (form) => <CopyAddress url={form.url} />,
    },
  ];
  const create = (
    <ButtonLink
      to="/admin/forms/new"
      leftSection={<IconPlus size={18} stroke={1.5} />}
      data-testid="form-create"
    >
      {t("forms:list.create")}
    </ButtonLink>
  );
  return (
    <PageFrame
      wide
      title={t("forms:list.title")}
      text={t("forms:list.text")}
      actions={forms.data && forms.data.items.length > 0 && create}
    >
      <DataTable
        label={t("forms:list.title")}
        columns={columns}
        rows={forms.data?.items}
        rowKey={(form) => form.id}
        rowTestId="form-row"
        onOpen={(form) => void navigate({ to: "/admin/forms/$formId", params: { formId: form.id } })}
        error={forms.error}
        retry={() => void forms.refetch()}
        empty={
          <EmptyState
            icon={<IconForms size={28} stroke={1.5} />}
            title={t("forms:list.emptyTitle")}
            text={t("forms:list.emptyText")}
            action={create}
          />
        }
      />
    </PageFrame>
  );
}

function OnOff({ form }: { form: WebForm }) {
  const { t } = useTranslation();
  const { enabled, busy, turn } = useTurning(form);
  return (
    <Switch
      aria-label={t("forms:list.enabledOf", { name: form.name })}
      checked={enabled}
      disabled={busy}
      onChange={(event) => turn(event.currentTarget.checked)}
      data-testid="form-enabled"
    />
  );
}

/** Opens and closes a form to visitors; shown at once, taken back when the server refuses. */
export function useTurning(form: WebForm) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (enabled: boolean) => patch<WebForm>(`/forms/${form.id}`, { enabled }),
    onSuccess: (next) => {
      notifyDone(t(next.enabled ? "forms:turnedOn" : "forms:turnedOff", { name: next.name }));
      client.setQueryData(formQuery(form.id).queryKey, next);
      return client.invalidateQueries({ queryKey: formsQuery.queryKey, exact: true });
    },
    onError: (error) => notifyError(error),
  });
  const enabled = change.isPending ? change.variables : form.enabled;
  return { enabled, busy: change.isPending, turn: (next: boolean) => change.mutate(next) };
}

function CopyAddress({ url }: { url: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useClipboard({ timeout: 2_000 });
  return (
    <IconButton
      label={copied ? t("common:copied") : t("forms:list.copy")}
      onClick={() => copy(url)}
      tooltipPosition="left"
    >
      {copied ? <IconCheck size={18} stroke={1.5} /> : <IconCopy size={18} stroke={1.5} />}
    </IconButton>
  );
}
