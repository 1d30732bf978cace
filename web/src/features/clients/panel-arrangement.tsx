// Which blocks the side panel of a line shows, and in which order.
import { NativeSelect, Switch } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, put } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { LinePanel } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { FormSection } from "@/ui/page.tsx";
import { ErrorState } from "@/ui/states.tsx";
import styles from "./clients.module.css";

export function PanelArrangement() {
  const { t } = useTranslation();
  const { lines } = useMe();
  const client = useQueryClient();
  const [line, setLine] = useState(lines[0]?.id ?? "");
  const key = ["line-panel", line];
  const path = `/lines/${line}/panel`;
  const panel = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<LinePanel>(path, undefined, signal),
    enabled: line !== "",
  });
  const save = useMutation({
    mutationFn: (blocks: LinePanel["blocks"]) => put<LinePanel>(path, { blocks }),
    onMutate: (blocks) => client.setQueryData(key, { blocks }),
    onError: (error) => {
      notifyError(error);
      void client.invalidateQueries({ queryKey: key });
    },
  });
  if (line === "") return null;
  const blocks = panel.data?.blocks ?? [];
  const move = (from: number, step: number) => {
    const next = [...blocks];
    const [moved] = next.splice(from, 1);
    if (moved) next.splice(from + step, 0, moved);
    save.mutate(next);
  };
  return (
    <FormSection title={t("clients:panel.title")} text={t("clients:panel.text")}>
      <NativeSelect
        label={t("clients:line")}
        value={line}
        data={lines.map((each) => ({ value: each.id, label: each.name }))}
        onChange={(event) => setLine(event.currentTarget.value)}
      />
      {panel.error && <ErrorState error={panel.error} retry={() => void panel.refetch()} compact />}
      <ol className={styles.list}>
        {blocks.map((one, index) => {
          const name = t(`clients:panel.block.${one.block}`);
          return (
            <li key={one.block} className={styles.placed} data-testid={`panel-${one.block}`}>
              <Switch
                label={name}
                checked={one.shown}
                onChange={(event) => {
                  const shown = event.currentTarget.checked;
                  save.mutate(blocks.map((each) => (each.block === one.block ? { ...each, shown } : each)));
                }}
              />
              <IconButton
                label={t("clients:panel.up", { name })}
                size={32}
                disabled={index === 0}
                onClick={() => move(index, -1)}
              >
                <IconArrowUp size={18} stroke={1.5} />
              </IconButton>
              <IconButton
                label={t("clients:panel.down", { name })}
                size={32}
                disabled={index === blocks.length - 1}
                onClick={() => move(index, 1)}
              >
                <IconArrowDown size={18} stroke={1.5} />
              </IconButton>
            </li>
          );
        })}
      </ol>
    </FormSection>
  );
}
