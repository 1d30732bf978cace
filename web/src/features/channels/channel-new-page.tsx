// Connecting a channel: which one, what to prepare at the vendor's, how to get in, where its conversations go.
import { Button } from "@mantine/core";
import { IconBriefcase } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Channel, ChannelField, ChannelKind, Line } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { LeaveGuard } from "@/ui/leave-guard.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import { missing, newValues, settingsOf } from "./channel-form.ts";
import styles from "./channels.module.css";
import { ConnectionTest } from "./connection-test.tsx";
import { KindPicker } from "./kind-picker.tsx";
import { LineFields } from "./line-fields.tsx";
import { channelsQuery, kindsQuery, openLinesQuery } from "./queries.ts";
import { SchemaFields } from "./schema-fields.tsx";
import { Steps } from "./steps.tsx";

const route = getRouteApi("/shell/admin/channels/new");

export function ChannelNewPage() {
  return (
    <Allowed need="channels.manage">
      <Prepared />
    </Allowed>
  );
}

function Prepared() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { kind: chosen, line } = route.useSearch();
  const lines = useQuery(openLinesQuery);
  const kinds = useQuery(kindsQuery(i18n.language));
  const failed = [lines, kinds].find((query) => query.isError);
  const kind = kinds.data?.items.find((each) => each.kind === chosen);
  return (
    <PageFrame
      title={t("channels:new.title")}
      text={t("channels:new.text")}
      back={<Link to="/admin/channels">{t("channels:list.title")}</Link>}
    >
      {failed ? (
        <ErrorState error={failed.error} retry={() => void failed.refetch()} />
      ) : !lines.data || !kinds.data ? (
        <RowSkeletons count={3} height={120} />
      ) : lines.data.items.length === 0 ? (
        <EmptyState
          icon={<IconBriefcase size={28} stroke={1.5} />}
          title={t("channels:new.noLineTitle")}
          text={t("channels:new.noLineText")}
          action={<ButtonLink to="/admin/lines/new">{t("channels:new.createLine")}</ButtonLink>}
        />
      ) : (
        <>
          <FormSection title={t("channels:new.kind")}>
            <KindPicker
              kinds={kinds.data.items}
              chosen={kind?.kind ?? ""}
              onChoose={(next) =>
                void navigate({ to: ".", search: (old) => ({ ...old, kind: next.kind }), replace: true })
              }
            />
          </FormSection>
          {kind && <NewForm key={kind.kind} kind={kind} lines={lines.data.items} line={line} />}
        </>
      )}
    </PageFrame>
  );
}

function NewForm({ kind, lines, line }: { kind: ChannelKind; lines: Line[]; line: string | undefined }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const fields = kind.fields as ChannelField[];
  const isSite = kind.kind === "chat";
  // A chat on a site works as it is; its looks are chosen beside the preview.
  const asked = isSite
    ? fields.filter((field) => ["title", "greeting", "color"].includes(field.name))
    : fields;
  // The only line there is needs no choosing.
  const form = useForm(newValues(kind, line ?? (lines.length === 1 ? (lines[0]?.id ?? "") : "")));
  const create = useMutation({
    mutationFn: () =>
      post<Channel>("/channels", {
        line_id: form.values.line_id,
        kind: kind.kind,
        name: form.values.name.trim(),
        group_id: form.values.group_id || null,
        settings: settingsOf(form.values, fields),
        enabled: true,
      }),
    onSuccess: (channel) => {
      notifyDone(t("channels:new.done", { name: channel.name }));
      void client.invalidateQueries({ queryKey: channelsQuery.queryKey });
      void navigate({ to: "/admin/channels/$channelId", params: { channelId: channel.id } });
    },
    onError: form.fail,
  });
  const submit = () => {
    const empty = Object.fromEntries(
      missing(form.values, fields).map((key) => [key, t("channels:form.required")]),
    );
    const fine = form.complain({
      ...empty,
      line_id: form.values.line_id === "" ? t("channels:form.chooseLine") : undefined,
    });
    if (fine) create.mutate();
  };
  return (
    <form
      className={styles.newForm}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <FormSection title={isSite ? t("channels:site.look") : t("channels:form.access")}>
        <Steps steps={kind.steps} />
        <SchemaFields form={form} fields={asked} />
        {!isSite && (
          <ConnectionTest kind={kind.kind} settings={settingsOf(form.values, fields)} onRefused={form.fail} />
        )}
      </FormSection>
      <FormSection title={t("channels:form.where")}>
        <LineFields form={form} placeholder={kind.title} />
      </FormSection>
      <div className={styles.footer}>
        {form.message && (
          <p className={styles.error} role="alert">
            {form.message}
          </p>
        )}
        <ButtonLink to="/admin/channels" variant="default">
          {t("common:cancel")}
        </ButtonLink>
        <Button type="submit" loading={create.isPending} data-testid="channel-submit">
          {t("channels:new.submit")}
        </Button>
      </div>
      <LeaveGuard active={form.dirty && !create.isPending && !create.isSuccess} />
    </form>
  );
}
