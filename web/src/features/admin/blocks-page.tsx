// The block list: who is kept out, and who is let in all the same.
import { Button, MultiSelect, NativeSelect, Switch, TextInput } from "@mantine/core";
import { IconBan, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, post, remove } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { BlockRule, Items } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./admin.module.css";

const blocksKey = ["blocks"];
const kinds = ["email", "phone", "account", "address", "term"] as const satisfies BlockRule["kind"][];

export function BlocksPage() {
  return (
    <Allowed need="lines.manage">
      <Blocks />
    </Allowed>
  );
}

function Blocks() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { lines } = useMe();
  const [dropping, setDropping] = useState<BlockRule | null>(null);
  const blocks = useQuery({
    queryKey: blocksKey,
    queryFn: ({ signal }) => get<Items<BlockRule>>("/blocks", undefined, signal),
  });
  const drop = useMutation({
    mutationFn: (rule: BlockRule) => remove(`/blocks/${rule.id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: blocksKey }),
    onError: (error) => notifyError(error),
    onSettled: () => setDropping(null),
  });
  const nameOf = (ids: string[]) =>
    ids.map((id) => lines.find((line) => line.id === id)?.name ?? "…").join(", ");
  const columns: Column<BlockRule>[] = [
    {
      key: "rule",
      title: t("admin:blocks.rule"),
      cell: (rule) => (
        <div className={styles.cell}>
          <span style={{ fontWeight: 500 }}>{rule.pattern}</span>
          <span className={styles.note}>
            {[
              t(`admin:blocks.kind.${rule.kind}`),
              rule.allow && t("admin:blocks.allowed"),
              rule.line_ids && t("admin:blocks.onLines", { lines: nameOf(rule.line_ids) }),
              rule.note,
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </div>
      ),
    },
    {
      key: "hits",
      title: t("admin:blocks.hits"),
      secondary: true,
      width: 170,
      cell: (rule) => (
        <div className={styles.cell}>
          <span className="tnum">{rule.hits.toLocaleString(i18n.language)}</span>
          {rule.last_hit_at && (
            <span className={styles.note}>
              <Moment at={rule.last_hit_at} long />
            </span>
          )}
        </div>
      ),
    },
    {
      key: "until",
      title: t("admin:blocks.until"),
      secondary: true,
      width: 150,
      cell: (rule) => (rule.until ? <Moment at={rule.until} long /> : t("admin:blocks.forever")),
    },
    {
      key: "drop",
      title: "",
      width: 64,
      align: "right",
      cell: (rule) => (
        <IconButton
          label={t("admin:blocks.drop")}
          size={32}
          onClick={() => setDropping(rule)}
          data-testid="block-drop"
        >
          <IconTrash size={18} stroke={1.5} />
        </IconButton>
      ),
    },
  ];
  return (
    <PageFrame title={t("admin:section.blocks")} text={t("admin:blocks.text")}>
      <NewBlock onAdded={() => void client.invalidateQueries({ queryKey: blocksKey })} />
      <div style={{ marginTop: 16 }}>
        <DataTable
          label={t("admin:section.blocks")}
          columns={columns}
          rows={blocks.data?.items}
          rowKey={(rule) => rule.id}
          rowTestId="block-row"
          error={blocks.error}
          retry={() => void blocks.refetch()}
          empty={
            <EmptyState
              icon={<IconBan size={28} stroke={1.5} />}
              title={t("admin:blocks.emptyTitle")}
              text={t("admin:blocks.emptyText")}
            />
          }
        />
      </div>
      <ConfirmDialog
        opened={dropping !== null}
        title={t("admin:blocks.dropTitle", { pattern: dropping?.pattern ?? "" })}
        text={t("admin:blocks.dropText")}
        confirm={t("admin:blocks.drop")}
        loading={drop.isPending}
        onConfirm={() => dropping && drop.mutate(dropping)}
        onClose={() => setDropping(null)}
      />
    </PageFrame>
  );
}

const comparisons = ["equals", "contains", "begins", "ends"] as const;
/** An IP address is a network or itself, and words are looked for anywhere. */
const compared = (kind: BlockRule["kind"]) => kind !== "address" && kind !== "term";
const masks: Record<(typeof comparisons)[number], (text: string) => string> = {
  equals: (text) => text,
  contains: (text) => `*${text}*`,
  begins: (text) => `${text}*`,
  ends: (text) => `*${text}`,
};

interface NewRule {
  kind: BlockRule["kind"];
  comparison: (typeof comparisons)[number];
  pattern: string;
  note: string;
  allow: boolean;
  /** The last day it counts; empty: forever. */
  until: string;
  line_ids: string[];
}
const blank: NewRule = {
  kind: "email",
  comparison: "equals",
  pattern: "",
  note: "",
  allow: false,
  until: "",
  line_ids: [],
};

/** A rule as the server takes it. */
function sent({ comparison, pattern, until, line_ids, ...rest }: NewRule) {
  return {
    ...rest,
    pattern: compared(rest.kind) ? masks[comparison](pattern.trim()) : pattern,
    until: until ? new Date(`${until}T23:59:59`).toISOString() : null,
    line_ids: line_ids.length > 0 ? line_ids : null,
  };
}

function NewBlock({ onAdded }: { onAdded: () => void }) {
  const { t } = useTranslation();
  const form = useForm(blank);
  const { lines } = useMe();
  const add = useMutation({
    mutationFn: () => post<BlockRule>("/blocks", sent(form.values)),
    onSuccess: () => {
      form.reset();
      onAdded();
    },
    onError: form.fail,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (form.complain({ pattern: form.values.pattern.trim() === "" ? t("admin:required") : undefined }))
          add.mutate();
      }}
    >
      <FormSection title={t("admin:blocks.new")}>
        <NativeSelect
          label={t("admin:blocks.what")}
          data={kinds.map((kind) => ({ value: kind, label: t(`admin:blocks.kind.${kind}`) }))}
          value={form.values.kind}
          onChange={(event) => form.set({ kind: event.currentTarget.value as BlockRule["kind"] })}
          data-testid="block-kind"
        />
        {compared(form.values.kind) && (
          <NativeSelect
            label={t("admin:blocks.comparison")}
            data={comparisons.map((value) => ({ value, label: t(`admin:blocks.compare.${value}`) }))}
            value={form.values.comparison}
            onChange={(event) =>
              form.set({ comparison: event.currentTarget.value as (typeof comparisons)[number] })
            }
            data-testid="block-comparison"
          />
        )}
        <TextInput
          label={t("admin:blocks.pattern")}
          description={t(`admin:blocks.help.${form.values.kind}`)}
          {...form.text("pattern")}
          data-testid="block-pattern"
        />
        <TextInput
          type="date"
          label={t("admin:blocks.untilDay")}
          description={t("admin:blocks.untilHelp")}
          {...form.text("until")}
          data-testid="block-until"
        />
        <MultiSelect
          label={t("admin:blocks.lines")}
          description={t("admin:blocks.linesHelp")}
          data={lines.map((line) => ({ value: line.id, label: line.name }))}
          clearable
          clearButtonProps={{ "aria-label": t("admin:line.clearGroups") }}
          {...form.choice("line_ids")}
        />
        <TextInput label={t("admin:blocks.note")} {...form.text("note")} />
        <Switch
          label={t("admin:blocks.allow")}
          description={t("admin:blocks.allowHelp")}
          {...form.flag("allow")}
        />
        {form.message && (
          <p style={{ color: "var(--danger)", fontSize: 13 }} role="alert">
            {form.message}
          </p>
        )}
        <div>
          <Button
            type="submit"
            leftSection={<IconPlus size={18} stroke={1.5} />}
            loading={add.isPending}
            data-testid="block-add"
          >
            {t("admin:blocks.add")}
          </Button>
        </div>
      </FormSection>
    </form>
  );
}
