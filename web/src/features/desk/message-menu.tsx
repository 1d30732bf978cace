// What can be asked of one message: why it is here, where it came from, and to put it into a conversation of its own.
import { Menu, Modal, Text } from "@mantine/core";
import { IconArrowsSplit, IconDots, IconInfoCircle, IconListDetails } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Conversation, ConversationRow, Message } from "@/api/types.ts";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { ErrorState } from "@/ui/states.tsx";
import { applyRow, refreshConversation, refreshCounters, removeMessage } from "./cache.ts";
import styles from "./message-item.module.css";
import { sourceQuery } from "./queries.ts";
import sourceStyles from "./source.module.css";

const icon = { size: 18, stroke: 1.5 } as const;

export function MessageMenu({ message, conversation }: { message: Message; conversation: Conversation }) {
  const { t } = useTranslation();
  const can = useCan();
  const [dialog, setDialog] = useState<"why" | "source" | "detach" | null>(null);
  const close = () => setDialog(null);
  if (message.kind === "note") return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton
            label={t("desk:message.menu")}
            size={24}
            className={styles.menu}
            data-testid="message-menu"
          >
            <IconDots size={16} stroke={1.5} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          {message.threading && (
            <Menu.Item leftSection={<IconInfoCircle {...icon} />} onClick={() => setDialog("why")}>
              {t("desk:why.title")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconListDetails {...icon} />} onClick={() => setDialog("source")}>
            {t("desk:source.title")}
          </Menu.Item>
          {message.kind === "inbound" && can("conversations.reply") && (
            <Menu.Item
              leftSection={<IconArrowsSplit {...icon} />}
              onClick={() => setDialog("detach")}
              data-testid="detach"
            >
              {t("desk:detach.title")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={dialog === "why"}
        onClose={close}
        title={t("desk:why.title")}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        {message.threading && (
          <>
            <Text fw={500}>{t(`desk:why.${message.threading.rule}`)}</Text>
            <Text c="dimmed" mt={4}>
              {message.threading.explanation}
            </Text>
          </>
        )}
      </Modal>
      <Detach message={message} conversation={conversation} opened={dialog === "detach"} onClose={close} />
      <Modal
        opened={dialog === "source"}
        onClose={close}
        size={720}
        title={t("desk:source.title")}
        closeButtonProps={{ "aria-label": t("common:close") }}
      >
        {dialog === "source" && <Source message={message} />}
      </Modal>
    </>
  );
}

function Detach({
  message,
  conversation,
  opened,
  onClose,
}: {
  message: Message;
  conversation: Conversation;
  opened: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const detach = async () => {
    setBusy(true);
    try {
      const created = await post<ConversationRow>(`/messages/${message.id}/detach`);
      removeMessage(client, conversation.id, message.id);
      applyRow(client, created);
      void refreshConversation(client, conversation.id);
      void refreshCounters(client);
      onClose();
      await navigate({
        to: "/c/$view/$conversationId",
        params: { view: "open", conversationId: created.id },
      });
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={t("desk:detach.title")}
      text={t("desk:detach.text", { name: message.author.name })}
      confirm={t("desk:detach.confirm")}
      loading={busy}
      onConfirm={() => void detach()}
      onClose={onClose}
    />
  );
}

function Source({ message }: { message: Message }) {
  const { data, error, refetch } = useQuery(sourceQuery(message.id));
  if (error) return <ErrorState error={error} retry={() => void refetch()} compact />;
  return (
    <dl className={sourceStyles.headers}>
      {data?.headers.map((header, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: headers may repeat and never move
        <div key={index}>
          <dt>{header.name}</dt>
          <dd>{header.value}</dd>
        </div>
      ))}
    </dl>
  );
}
