// What can be done with a channel: try again, switch off and on, take away.
import { Button, Menu } from "@mantine/core";
import { IconDots, IconPlayerPause, IconPlayerPlay, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, post, remove } from "@/api/http.ts";
import type { Channel } from "@/api/types.ts";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { channelsQuery } from "./queries.ts";

interface Props {
  channel: Channel;
  onTaken: (next: Channel) => void;
}

export function ChannelActions({ channel, onTaken }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const onError = (error: unknown) => notifyError(error);
  const restart = useMutation({
    mutationFn: () => post<Channel | undefined>(`/channels/${channel.id}/restart`),
    onSuccess: (next) => {
      if (next) onTaken(next);
      else void client.invalidateQueries({ queryKey: channelsQuery.queryKey });
    },
    onError,
  });
  const turn = useMutation({
    mutationFn: (enabled: boolean) => patch<Channel>(`/channels/${channel.id}`, { enabled }),
    onSuccess: onTaken,
    onError,
  });
  const drop = useMutation({
    mutationFn: () => remove(`/channels/${channel.id}`),
    onSuccess: () => {
      notifyDone(t("channels:one.deleted", { name: channel.name }));
      void client.invalidateQueries({ queryKey: channelsQuery.queryKey, exact: true });
      void navigate({ to: "/admin/channels" });
    },
    onError,
    onSettled: () => setDeleting(false),
  });
  return (
    <>
      {channel.enabled ? (
        <Button
          variant="default"
          leftSection={<IconRefresh size={18} stroke={1.5} />}
          loading={restart.isPending}
          onClick={() => restart.mutate()}
          data-testid="channel-restart"
        >
          {t("channels:one.restart")}
        </Button>
      ) : (
        <Button
          leftSection={<IconPlayerPlay size={18} stroke={1.5} />}
          loading={turn.isPending}
          onClick={() => turn.mutate(true)}
          data-testid="channel-enable"
        >
          {t("channels:one.enable")}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton label={t("channels:one.more")} size={36} variant="default" data-testid="channel-more">
            <IconDots size={18} stroke={1.5} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          {channel.enabled && (
            <Menu.Item
              leftSection={<IconPlayerPause size={18} stroke={1.5} />}
              onClick={() => turn.mutate(false)}
              data-testid="channel-disable"
            >
              {t("channels:one.disable")}
            </Menu.Item>
          )}
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={18} stroke={1.5} />}
            onClick={() => setDeleting(true)}
            data-testid="channel-delete"
          >
            {t("channels:one.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={deleting}
        title={t("channels:one.deleteTitle", { name: channel.name })}
        text={t("channels:one.deleteText")}
        confirm={t("channels:one.delete")}
        typeName={channel.name}
        loading={drop.isPending}
        onConfirm={() => drop.mutate()}
        onClose={() => setDeleting(false)}
      />
    </>
  );
}
