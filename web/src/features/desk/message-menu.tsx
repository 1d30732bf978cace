// What can be done with one message: quote it, change or withdraw one's own, pass it on, and ask why it is here and where it came from.
import { Menu, Modal, Text } from "@mantine/core";
import {
  IconArrowForwardUp,
  IconArrowsSplit,
  IconCopy,
  IconCornerUpLeft,
  IconDots,
  IconInfoCircle,
  IconListDetails,
  IconPencil,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post, remove } from "@/api/http.ts";
import { useCan, useMe } from "@/api/me.ts";
import type { Conversation, ConversationRow, Message } from "@/api/types.ts";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { ErrorState } from "@/ui/states.tsx";
import { useNow } from "@/ui/time.tsx";
import { applyRow, refreshConversation, refreshCounters, removeMessage } from "./cache.ts";
import { ForwardDialog } from "./forward-dialog.tsx";
import styles from "./message-item.module.css";
import { sourceQuery } from "./queries.ts";
import { isChat, rightsOf } from "./routes.ts";
import sourceStyles from "./source.module.css";
import { useTalk } from "./talk.tsx";

const icon = { size: 18, stroke: 1.5 } as const;

export function MessageMenu({ message, conversation }: { message: Message; conversation: Conversation }) {
  const { t } = useTranslation();
  const can = useCan();
  const me = useMe();
  const now = useNow();
  const { routes, quote, edit } = useTalk();
  const [dialog, setDialog] = useState<"why" | "source" | "detach" | "delete" | "forward" | null>(null);
  const close = () => setDialog(null);
  const group = conversation.channel === "group";
  const rights = rightsOf(message, me.id, routes, now, group);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(message.text);
      notifyDone(t("desk:message.copied"));
    } catch (error) {
      notifyError(error);
    }
  };
  const letter = message.kind !== "note" && !isChat(message.channel);
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
          {rights.quote && conversation.can.reply && (
            <Menu.Item
              leftSection={<IconCornerUpLeft {...icon} />}
              onClick={() => quote(message)}
              data-testid="message-quote"
            >
              {t("desk:message.reply")}
            </Menu.Item>
          )}
          {message.text.trim() !== "" && (
            <Menu.Item leftSection={<IconCopy {...icon} />} onClick={() => void copy()}>
              {t("desk:message.copyText")}
            </Menu.Item>
          )}
          {rights.edit && (
            <Menu.Item
              leftSection={<IconPencil {...icon} />}
              onClick={() => edit(message.id)}
              data-testid="message-edit-item"
            >
              {t("desk:message.edit")}
            </Menu.Item>
          )}
          {!message.deleted_at && (
            <Menu.Item
              leftSection={<IconArrowForwardUp {...icon} />}
              onClick={() => setDialog("forward")}
              data-testid="message-forward"
            >
              {t("desk:forward.title")}
            </Menu.Item>
          )}
          {message.threading && (
            <Menu.Item leftSection={<IconInfoCircle {...icon} />} onClick={() => setDialog("why")}>
              {t("desk:why.title")}
            </Menu.Item>
          )}
          {letter && message.channel === "email" && (
            <Menu.Item leftSection={<IconListDetails {...icon} />} onClick={() => setDialog("source")}>
              {t("desk:source.title")}
            </Menu.Item>
          )}
          {message.kind === "inbound" && letter && !group && can("conversations.reply") && (
            <Menu.Item
              leftSection={<IconArrowsSplit {...icon} />}
              onClick={() => setDialog("detach")}
              data-testid="detach"
            >
              {t("desk:detach.title")}
            </Menu.Item>
          )}
          {rights.remove && (
            <Menu.Item
              color="red"
              leftSection={<IconTrash {...icon} />}
              onClick={() => setDialog("delete")}
              data-testid="message-delete"
            >
              {t("desk:message.delete")}
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
      <Withdraw message={message} conversation={conversation} opened={dialog === "delete"} onClose={close} />
      {dialog === "forward" && <ForwardDialog message={message} from={conversation.id} onClose={close} />}
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

function Withdraw({
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
  const [busy, setBusy] = useState(false);
  const withdraw = async () => {
    setBusy(true);
    try {
      await remove(`/messages/${message.id}`);
      void refreshConversation(client, conversation.id);
      onClose();
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={t("desk:message.deleteTitle")}
      text={t(message.kind === "note" ? "desk:message.deleteNote" : "desk:message.deleteText")}
      confirm={t("desk:message.delete")}
      loading={busy}
      onConfirm={() => void withdraw()}
      onClose={onClose}
    />
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
