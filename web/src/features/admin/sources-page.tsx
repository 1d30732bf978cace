// The dictionary of sources: where contacts come from that no channel brought. One that is put away is no longer offered.
import { Badge, Button, Switch, TextInput } from "@mantine/core";
import { IconArchive, IconArrowBackUp, IconPhoneIncoming, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, patch, post } from "@/api/http.ts";
import type { ContactSource, Items } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { type Column, DataTable } from "@/ui/data-table.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { EmptyState } from "@/ui/states.tsx";

const sourcesKey = ["sources"];

export function SourcesPage() {
  return (
    <Allowed need="lines.manage">
      <Sources />
    </Allowed>
  );
}

function Sources() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [archived, setArchived] = useState(false);
  const sources = useQuery({
    queryKey: sourcesKey,
    queryFn: ({ signal }) => get<Items<ContactSource>>("/sources", undefined, signal),
  });
  const refresh = () => client.invalidateQueries({ queryKey: sourcesKey });
  const add = useMutation({
    mutationFn: () => post<ContactSource>("/sources", { name: name.trim() }),
    onSuccess: () => {
      setName("");
      return refresh();
    },
    onError: (error) => notifyError(error),
  });
  const change = useMutation({
    mutationFn: ({ id, ...body }: { id: string; name?: string; archived?: boolean }) =>
      patch<ContactSource>(`/sources/${id}`, body),
    onSuccess: refresh,
    onError: (error) => notifyError(error),
  });
  const some = sources.data?.items.some((source) => source.archived) ?? false;
  const columns: Column<ContactSource>[] = [
    {
      key: "name",
      title: t("admin:sources.name"),
      cell: (source) => (
        <TextInput
          key={source.name}
          aria-label={t("admin:sources.name")}
          defaultValue={source.name}
          variant="unstyled"
          maxLength={200}
          onBlur={(event) => {
            const next = event.currentTarget.value.trim();
            if (next !== "" && next !== source.name) change.mutate({ id: source.id, name: next });
          }}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
          rightSection={
            source.archived ? (
              <Badge color="gray" variant="light" tt="none" fw={500}>
                {t("admin:lines.archived")}
              </Badge>
            ) : null
          }
          rightSectionWidth={source.archived ? 96 : undefined}
        />
      ),
    },
    {
      key: "archive",
      title: "",
      width: 72,
      align: "right",
      cell: (source) => (
        <IconButton
          label={t(source.archived ? "admin:sources.restore" : "admin:sources.archive")}
          size={32}
          onClick={() => change.mutate({ id: source.id, archived: !source.archived })}
          data-testid="source-archive"
        >
          {source.archived ? (
            <IconArrowBackUp size={18} stroke={1.5} />
          ) : (
            <IconArchive size={18} stroke={1.5} />
          )}
        </IconButton>
      ),
    },
  ];
  return (
    <PageFrame title={t("admin:section.sources")} text={t("admin:sources.text")}>
      <form
        style={{ display: "flex", gap: 8, marginBottom: 16 }}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") add.mutate();
        }}
      >
        <TextInput
          aria-label={t("admin:sources.name")}
          placeholder={t("admin:sources.placeholder")}
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
          style={{ flex: 1 }}
          data-testid="source-name"
        />
        <Button
          type="submit"
          leftSection={<IconPlus size={18} stroke={1.5} />}
          loading={add.isPending}
          disabled={name.trim() === ""}
          data-testid="source-add"
        >
          {t("admin:sources.add")}
        </Button>
      </form>
      <DataTable
        label={t("admin:section.sources")}
        columns={columns}
        rows={sources.data?.items.filter((source) => archived || !source.archived)}
        rowKey={(source) => source.id}
        rowTestId="source-row"
        error={sources.error}
        retry={() => void sources.refetch()}
        empty={
          <EmptyState
            icon={<IconPhoneIncoming size={28} stroke={1.5} />}
            title={t("admin:sources.emptyTitle")}
            text={t("admin:sources.emptyText")}
          />
        }
      />
      {some && (
        <Switch
          mt="md"
          label={t("admin:sources.showArchived")}
          checked={archived}
          onChange={(event) => setArchived(event.currentTarget.checked)}
        />
      )}
    </PageFrame>
  );
}
