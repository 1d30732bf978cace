// One mailbox: how it is, what it took in, its settings, and what can be done with it.
import { Alert, Button, Menu } from "@mantine/core";
import {
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, post, remove } from "@/api/http.ts";
import type { Mailbox } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { Moment, useNow } from "@/ui/time.tsx";
import { useForm } from "@/ui/use-form.ts";
import { useLiveEvents } from "@/ui/use-live.ts";
import { ConnectionTest } from "./connection-test.tsx";
import styles from "./email.module.css";
import { LedgerFigures } from "./ledger-figures.tsx";
import { AccessFields, LineFields, ServerFields } from "./mailbox-fields.tsx";
import { mailboxPatch, mailboxValues } from "./mailbox-form.ts";
import { MailboxStateMark } from "./mailbox-state.tsx";
import { mailboxesQuery, mailboxQuery, presetsQuery } from "./queries.ts";

const route = getRouteApi("/shell/admin/mailboxes/$mailboxId");

export function MailboxPage() {
  const { t } = useTranslation();
  const { mailboxId } = route.useParams();
  const client = useQueryClient();
  const mailbox = useQuery({ ...mailboxQuery(mailboxId), refetchInterval: 30_000 });
  const refresh = () => client.invalidateQueries({ queryKey: mailboxesQuery.queryKey });
  useLiveEvents(["mailbox_changed"], refresh, refresh);
  return (
    <Allowed need="channels.manage">
      {mailbox.data ? (
        <One key={mailboxId} mailbox={mailbox.data} />
      ) : mailbox.error ? (
        <ErrorState error={mailbox.error} retry={() => void mailbox.refetch()} />
      ) : (
        <PageFrame title={t("email:mailbox.title")}>
          <RowSkeletons count={3} height={120} />
        </PageFrame>
      )}
    </Allowed>
  );
}

function One({ mailbox }: { mailbox: Mailbox }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const presets = useQuery(presetsQuery(i18n.language));
  const preset = presets.data?.items.find((each) => each.key === mailbox.preset);
  const form = useForm(mailboxValues(mailbox));
  const taken = (next: Mailbox) => {
    client.setQueryData(mailboxQuery(mailbox.id).queryKey, next);
    return client.invalidateQueries({ queryKey: mailboxesQuery.queryKey, exact: true });
  };
  const save = useMutation({
    mutationFn: () => patch<Mailbox>(`/mailboxes/${mailbox.id}`, mailboxPatch(form.values, form.changed)),
    onSuccess: (next) => {
      void taken(next);
      form.reset();
      notifyDone(t("email:mailbox.saved"));
    },
    onError: form.fail,
  });

  return (
    <PageFrame
      title={mailbox.address}
      text={<MailboxStateMark state={mailbox.state} />}
      back={<Link to="/admin/mailboxes">{t("email:list.title")}</Link>}
      actions={<Actions mailbox={mailbox} onTaken={taken} />}
    >
      {mailbox.state === "broken" && mailbox.state_reason && (
        <Alert
          color="red"
          mb="md"
          title={
            <>
              {t("email:mailbox.brokenSince")} <Moment at={mailbox.state_since} long />
            </>
          }
          data-testid="mailbox-reason"
        >
          {mailbox.state_reason}
          {mailbox.next_try_at && (
            <p className={styles.note} style={{ marginTop: 8 }}>
              <NextTry at={mailbox.next_try_at} />
            </p>
          )}
        </Alert>
      )}
      <LedgerFigures mailbox={mailbox} />
      <FormSection
        title={t("email:form.access")}
        text={preset?.key === "custom" ? t("email:preset.custom") : preset?.name}
      >
        <AccessFields form={form} preset={preset} mailbox={mailbox} />
        <ServerFields form={form} preset={preset} mailbox={mailbox} />
        <ConnectionTest values={form.values} id={mailbox.id} onRefused={form.fail} />
      </FormSection>
      <FormSection title={t("email:form.where")}>
        <LineFields form={form} />
      </FormSection>
      <SaveBar
        dirty={form.dirty}
        saving={save.isPending}
        onSave={() => save.mutate()}
        onReset={form.reset}
        error={form.message}
      />
    </PageFrame>
  );
}

function NextTry({ at }: { at: string }) {
  const { t } = useTranslation();
  const now = useNow();
  if (new Date(at).getTime() - now.getTime() < 120_000) return t("email:mailbox.nextSoon");
  return (
    <>
      {t("email:mailbox.nextTry")} <Moment at={at} long />
    </>
  );
}

function Actions({ mailbox, onTaken }: { mailbox: Mailbox; onTaken: (next: Mailbox) => unknown }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const check = useMutation({
    mutationFn: () => post<void>(`/mailboxes/${mailbox.id}/check-now`),
    onSuccess: () => notifyDone(t("email:mailbox.checking")),
    onError: (error) => notifyError(error),
  });
  const change = useMutation({
    mutationFn: (what: "restart" | "enable" | "disable") =>
      what === "restart"
        ? post<Mailbox>(`/mailboxes/${mailbox.id}/restart`)
        : patch<Mailbox>(`/mailboxes/${mailbox.id}`, { enabled: what === "enable" }),
    onSuccess: (next, what) => {
      notifyDone(t(`email:mailbox.did.${what}`));
      onTaken(next);
    },
    onError: (error) => notifyError(error),
  });
  const del = useMutation({
    mutationFn: () => remove(`/mailboxes/${mailbox.id}`),
    onSuccess: async () => {
      notifyDone(t("email:mailbox.deleted", { address: mailbox.address }));
      await navigate({ to: "/admin/mailboxes" });
      void client.invalidateQueries({ queryKey: mailboxesQuery.queryKey });
    },
    onError: (error) => notifyError(error),
    onSettled: () => setDeleting(false),
  });
  return (
    <>
      {mailbox.enabled ? (
        <Button
          variant="default"
          leftSection={<IconRefresh size={18} stroke={1.5} />}
          loading={check.isPending}
          onClick={() => check.mutate()}
          data-testid="mailbox-check"
        >
          {t("email:mailbox.check")}
        </Button>
      ) : (
        <Button
          leftSection={<IconPlayerPlay size={18} stroke={1.5} />}
          loading={change.isPending}
          onClick={() => change.mutate("enable")}
          data-testid="mailbox-enable"
        >
          {t("email:mailbox.enable")}
        </Button>
      )}
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <IconButton label={t("email:mailbox.more")} size={36} variant="default" data-testid="mailbox-menu">
            <IconDots size={18} stroke={1.5} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          {mailbox.enabled && (
            <>
              <Menu.Item
                leftSection={<IconPlugConnected size={18} stroke={1.5} />}
                onClick={() => change.mutate("restart")}
                data-testid="mailbox-restart"
              >
                {t("email:mailbox.restart")}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconPlayerPause size={18} stroke={1.5} />}
                onClick={() => change.mutate("disable")}
                data-testid="mailbox-disable"
              >
                {t("email:mailbox.disable")}
              </Menu.Item>
            </>
          )}
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={18} stroke={1.5} />}
            onClick={() => setDeleting(true)}
            data-testid="mailbox-delete"
          >
            {t("email:mailbox.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={deleting}
        title={t("email:mailbox.deleteTitle", { address: mailbox.address })}
        text={t("email:mailbox.deleteText")}
        confirm={t("email:mailbox.delete")}
        typeName={mailbox.address}
        loading={del.isPending}
        onConfirm={() => del.mutate()}
        onClose={() => setDeleting(false)}
      />
    </>
  );
}
