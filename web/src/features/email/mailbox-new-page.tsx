// Connecting a mailbox: whose it is, how to get in, where its letters go. It can be tried before anything is saved.
import { Button, NativeSelect } from "@mantine/core";
import { IconBriefcase } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Line, Mailbox, MailboxPreset, NewMailbox } from "@/api/types.ts";
import { isEmail } from "@/lib/text.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { LeaveGuard } from "@/ui/leave-guard.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import { ConnectionTest } from "./connection-test.tsx";
import styles from "./email.module.css";
import { AccessFields, LineFields, ServerFields } from "./mailbox-fields.tsx";
import { emptyMailbox, importDays, newMailbox, presetValues } from "./mailbox-form.ts";
import { PresetPicker } from "./preset-picker.tsx";
import { openLinesQuery, presetsQuery } from "./queries.ts";

const route = getRouteApi("/shell/admin/mailboxes/new");

export function MailboxNewPage() {
  return (
    <Allowed need="channels.manage">
      <Prepared />
    </Allowed>
  );
}

function Prepared() {
  const { t, i18n } = useTranslation();
  const lines = useQuery(openLinesQuery);
  const presets = useQuery(presetsQuery(i18n.language));
  const failed = [lines, presets].find((query) => query.isError);
  return (
    <PageFrame
      title={t("email:new.title")}
      text={t("email:new.text")}
      back={<Link to="/admin/mailboxes">{t("email:list.title")}</Link>}
    >
      {failed ? (
        <ErrorState error={failed.error} retry={() => void failed.refetch()} />
      ) : !lines.data || !presets.data ? (
        <RowSkeletons count={3} height={120} />
      ) : lines.data.items.length === 0 ? (
        <EmptyState
          icon={<IconBriefcase size={28} stroke={1.5} />}
          title={t("email:new.noLineTitle")}
          text={t("email:new.noLineText")}
          action={<ButtonLink to="/admin/lines/new">{t("email:new.createLine")}</ButtonLink>}
        />
      ) : (
        <NewForm lines={lines.data.items} presets={presets.data.items} />
      )}
    </PageFrame>
  );
}

function NewForm({ lines, presets }: { lines: Line[]; presets: MailboxPreset[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { line } = route.useSearch();
  // The only line there is needs no choosing.
  const [line_id] = useState(line ?? (lines.length === 1 ? (lines[0]?.id ?? "") : ""));
  const form = useForm({ ...emptyMailbox, line_id });
  const preset = presets.find((each) => each.key === form.values.preset);
  const create = useMutation({
    mutationFn: (body: NewMailbox) => post<Mailbox>("/mailboxes", body),
    onSuccess: (mailbox) => {
      notifyDone(t("email:new.done", { address: mailbox.address }));
      void client.invalidateQueries({ queryKey: ["mailboxes"] });
      void navigate({ to: "/admin/mailboxes/$mailboxId", params: { mailboxId: mailbox.id } });
    },
    onError: form.fail,
  });
  const submit = () => {
    const { address } = form.values;
    const fine = form.complain({
      address: isEmail(address) ? undefined : t("email:form.wrongAddress"),
      line_id: form.values.line_id === "" ? t("email:form.chooseLine") : undefined,
    });
    if (fine) create.mutate(newMailbox(form.values, new Date()));
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <FormSection title={t("email:preset.title")}>
        <PresetPicker
          presets={presets}
          chosen={form.values.preset}
          onChoose={(next) => form.set(presetValues(next))}
        />
      </FormSection>
      {preset && (
        <>
          <FormSection title={t("email:form.access")}>
            <AccessFields form={form} preset={preset} />
            <ServerFields form={form} preset={preset} />
            <ConnectionTest values={form.values} onRefused={form.fail} />
          </FormSection>
          <FormSection title={t("email:form.where")}>
            <LineFields form={form} />
            <NativeSelect
              label={t("email:form.importSince")}
              description={t("email:form.importSinceHelp")}
              data={importDays.map((value) => ({ value, label: t(`email:form.importDays.${value}`) }))}
              {...form.text("import_days")}
              data-testid="mailbox-import"
            />
          </FormSection>
          <div className={styles.footer}>
            {form.message && (
              <p className={styles.error} role="alert" style={{ flex: 1, alignSelf: "center" }}>
                {form.message}
              </p>
            )}
            <ButtonLink to="/admin/mailboxes" variant="default">
              {t("common:cancel")}
            </ButtonLink>
            <Button type="submit" loading={create.isPending} data-testid="mailbox-submit">
              {t("email:new.submit")}
            </Button>
          </div>
        </>
      )}
      <LeaveGuard active={form.dirty && !create.isPending && !create.isSuccess} />
    </form>
  );
}
