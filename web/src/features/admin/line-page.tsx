// One line: who it is, who works on it, what its letters say. One form over five tabs, saved at once.
import { Alert, Button, Tabs } from "@mantine/core";
import { IconArchive, IconArrowBackUp, IconRoute, IconUsers } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, post, remove } from "@/api/http.ts";
import type { Line } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { useForm } from "@/ui/use-form.ts";
import { LineChats } from "./line-chats.tsx";
import { LineGeneral, LineGroups } from "./line-fields.tsx";
import { type LineValues, linePatch, lineValues, tabOf } from "./line-form.ts";
import { LineHours } from "./line-hours.tsx";
import { LineAutoReply, LineSignature } from "./line-letters.tsx";
import { LinePolicy } from "./line-policy.tsx";
import { lineQuery } from "./queries.ts";

const route = getRouteApi("/shell/admin/lines/$lineId");
const tabs = ["general", "groups", "chats", "signature", "auto-reply"] as const;

export function LinePage() {
  const { t } = useTranslation();
  const { lineId } = route.useParams();
  const line = useQuery(lineQuery(lineId));
  return (
    <Allowed need="lines.manage">
      {line.data ? (
        <LineForm key={lineId} line={line.data} />
      ) : line.error ? (
        <ErrorState error={line.error} retry={() => void line.refetch()} />
      ) : (
        <PageFrame title={t("admin:line.title")}>
          <RowSkeletons count={4} />
        </PageFrame>
      )}
    </Allowed>
  );
}

function LineForm({ line }: { line: Line }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { tab = "general" } = route.useSearch();
  const [archiving, setArchiving] = useState(false);
  const [version, setVersion] = useState(0);
  const form = useForm(lineValues(line));
  const archived = line.archived_at !== null;

  const show = (next: string | null) =>
    void navigate({
      to: "/admin/lines/$lineId",
      params: { lineId: line.id },
      search: { tab: tabs.find((each) => each === next) },
      replace: true,
    });
  const taken = (next: Line) => {
    client.setQueryData(lineQuery(line.id).queryKey, next);
    return client.invalidateQueries({ queryKey: ["admin", "lines"] });
  };
  const save = useMutation({
    mutationFn: () => patch<Line>(`/lines/${line.id}`, linePatch(form.values, form.changed)),
    onSuccess: (next) => {
      form.reset();
      setVersion((old) => old + 1);
      notifyDone(t("admin:saved"));
      return taken(next);
    },
    onError: form.fail,
  });
  const archive = useMutation({
    mutationFn: () => remove(`/lines/${line.id}`),
    onSuccess: () => {
      notifyDone(t("admin:line.archivedDone", { name: line.name }));
      return taken({ ...line, archived_at: new Date().toISOString() });
    },
    onError: (error) => notifyError(error),
    onSettled: () => setArchiving(false),
  });
  const restore = useMutation({
    mutationFn: () => post<Line>(`/lines/${line.id}/restore`),
    onSuccess: (next) => {
      notifyDone(t("admin:line.restoredDone", { name: line.name }));
      return taken(next);
    },
    onError: (error) => notifyError(error),
  });
  const wrong = new Set(Object.keys(form.errors).map((key) => tabOf[key as keyof LineValues]));

  return (
    <PageFrame
      title={line.name}
      back={<Link to="/admin/lines">{t("admin:section.lines")}</Link>}
      actions={
        <>
          <ButtonLink
            to="/admin/lines/$lineId/staff"
            params={{ lineId: line.id }}
            variant="default"
            leftSection={<IconUsers size={18} stroke={1.5} />}
            data-testid="line-staff"
          >
            {t("staff:line.door")}
          </ButtonLink>
          {!archived && (
            <ButtonLink
              to="/admin/lines/$lineId/routing"
              params={{ lineId: line.id }}
              variant="default"
              leftSection={<IconRoute size={18} stroke={1.5} />}
              data-testid="line-routing"
            >
              {t("rules:title")}
            </ButtonLink>
          )}
          {archived ? (
            <Button
              variant="default"
              loading={restore.isPending}
              leftSection={<IconArrowBackUp size={18} stroke={1.5} />}
              onClick={() => restore.mutate()}
              data-testid="line-restore"
            >
              {t("admin:line.restore")}
            </Button>
          ) : (
            <Button
              variant="default"
              leftSection={<IconArchive size={18} stroke={1.5} />}
              onClick={() => setArchiving(true)}
              data-testid="line-archive"
            >
              {t("admin:line.archive")}
            </Button>
          )}
        </>
      }
    >
      {line.archived_at && (
        <Alert color="yellow" mb="md" title={t("admin:line.isArchived")}>
          {t("admin:line.archivedSince")} <Moment at={line.archived_at} long />
        </Alert>
      )}
      <Tabs value={tab} onChange={show} keepMounted={false} mb="md">
        <Tabs.List mb="md" style={{ flexWrap: "nowrap", overflowX: "auto" }}>
          {tabs.map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              c={wrong.has(each) ? "var(--danger)" : undefined}
              data-testid={`line-tab-${each}`}
            >
              {t(`admin:line.tab.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="general">
          <FormSection title={t("admin:line.tab.general")}>
            <LineGeneral form={form} />
          </FormSection>
          <LineHours line={line} />
          <LinePolicy line={line.id} />
        </Tabs.Panel>
        <Tabs.Panel value="groups">
          <FormSection title={t("admin:line.tab.groups")} text={t("admin:line.groupsText")}>
            <LineGroups form={form} />
          </FormSection>
        </Tabs.Panel>
        <Tabs.Panel value="chats">
          <FormSection title={t("admin:line.tab.chats")} text={t("admin:line.chatsText")}>
            <LineChats form={form} />
          </FormSection>
        </Tabs.Panel>
        <Tabs.Panel value="signature">
          <FormSection title={t("admin:line.tab.signature")} text={t("admin:line.signatureText")}>
            <LineSignature form={form} version={version} />
          </FormSection>
        </Tabs.Panel>
        <Tabs.Panel value="auto-reply">
          <FormSection title={t("admin:line.tab.auto-reply")} text={t("admin:line.autoReplyTitleText")}>
            <LineAutoReply form={form} />
          </FormSection>
        </Tabs.Panel>
      </Tabs>
      <SaveBar
        dirty={form.dirty}
        saving={save.isPending}
        onSave={() => save.mutate()}
        onReset={() => {
          form.reset();
          setVersion((old) => old + 1);
        }}
        error={form.message}
      />
      <ConfirmDialog
        opened={archiving}
        title={t("admin:line.archiveTitle", { name: line.name })}
        text={t("admin:line.archiveText")}
        confirm={t("admin:line.archive")}
        loading={archive.isPending}
        onConfirm={() => archive.mutate()}
        onClose={() => setArchiving(false)}
      />
    </PageFrame>
  );
}
