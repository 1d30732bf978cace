// One channel: how it is, what came in, its settings, and what can be done with it. A chat on a site has its preview beside.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { patch } from "@/api/http.ts";
import type { Channel, ChannelField, ChannelKind } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import { useLiveEvents } from "@/ui/use-live.ts";
import { ChannelActions } from "./channel-actions.tsx";
import { channelPatch, channelValues, settingsOf } from "./channel-form.ts";
import { ChannelHealthNotes } from "./channel-notes.tsx";
import { ChannelStateMark } from "./channel-state.tsx";
import { ConnectionTest } from "./connection-test.tsx";
import { HookAddress } from "./hook-address.tsx";
import { LineFields } from "./line-fields.tsx";
import { channelQuery, channelsQuery, kindsQuery } from "./queries.ts";
import { SchemaFields } from "./schema-fields.tsx";
import { SiteForm } from "./site-form.tsx";

const route = getRouteApi("/shell/admin/channels/$channelId");

export function ChannelPage() {
  const { t, i18n } = useTranslation();
  const { channelId } = route.useParams();
  const client = useQueryClient();
  const channel = useQuery({ ...channelQuery(channelId), refetchInterval: 30_000 });
  const kinds = useQuery(kindsQuery(i18n.language));
  const refresh = () => client.invalidateQueries({ queryKey: channelsQuery.queryKey });
  useLiveEvents(["channel_changed"], refresh, refresh);
  const failed = [channel, kinds].find((query) => query.isError && !query.data);
  const kind = kinds.data?.items.find((each) => each.kind === channel.data?.kind);
  return (
    <Allowed need="channels.manage">
      {channel.data && kind ? (
        <One key={channelId} channel={channel.data} kind={kind} />
      ) : failed ? (
        <ErrorState error={failed.error} retry={() => void failed.refetch()} />
      ) : (
        <PageFrame title={t("channels:one.title")}>
          <RowSkeletons count={3} height={120} />
        </PageFrame>
      )}
    </Allowed>
  );
}

function One({ channel, kind }: { channel: Channel; kind: ChannelKind }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const fields = kind.fields as ChannelField[];
  const stored = channel.settings as Record<string, unknown>;
  const form = useForm(channelValues(channel, fields));
  const taken = (next: Channel) => {
    client.setQueryData(channelQuery(channel.id).queryKey, next);
    return client.invalidateQueries({ queryKey: channelsQuery.queryKey, exact: true });
  };
  const save = useMutation({
    mutationFn: () =>
      patch<Channel>(`/channels/${channel.id}`, channelPatch(form.values, form.changed, fields)),
    onSuccess: (next) => {
      void taken(next);
      form.reset();
      notifyDone(t("channels:one.saved"));
    },
    onError: form.fail,
  });
  const where = (
    <FormSection title={t("channels:form.where")}>
      <LineFields form={form} placeholder={kind.title} />
    </FormSection>
  );
  const isSite = channel.kind === "chat";
  return (
    <PageFrame
      wide={isSite}
      title={channel.name}
      text={<ChannelStateMark state={channel.state} />}
      back={<Link to="/admin/channels">{t("channels:list.title")}</Link>}
      actions={<ChannelActions channel={channel} onTaken={taken} />}
    >
      <ChannelHealthNotes channel={channel} />
      {isSite ? (
        <SiteForm channel={channel} fields={fields} form={form} stored={stored} where={where} />
      ) : (
        <>
          <FormSection title={t("channels:form.access")} text={kind.text}>
            <SchemaFields form={form} fields={fields} stored={stored} />
            <ConnectionTest
              kind={channel.kind}
              settings={settingsOf(form.values, fields)}
              id={channel.id}
              onRefused={form.fail}
            />
          </FormSection>
          <HookAddress url={channel.hook_url} steps={kind.steps} />
          {where}
        </>
      )}
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
