// Passing a message on to another conversation: found by number, name or words.
import { Modal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { ConversationRow, Id, Message } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { useDebounced } from "@/ui/use-debounced.ts";
import styles from "./forward-dialog.module.css";
import { searchQuery } from "./queries.ts";

interface Props {
  message: Message;
  from: Id;
  onClose: () => void;
}

export function ForwardDialog({ message, from, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  const settled = useDebounced(words.trim(), 250);
  const [chosen, setChosen] = useState<ConversationRow | null>(null);
  const [busy, setBusy] = useState(false);
  const { data } = useQuery({ ...searchQuery(settled), placeholderData: keepPreviousData });
  const rows = settled
    ? (data?.items ?? []).map((hit) => hit.conversation).filter((row) => row.id !== from)
    : [];
  const send = async (to: ConversationRow) => {
    setBusy(true);
    try {
      await post(`/messages/${message.id}/forward`, { conversation_id: to.id });
      notifyDone(t("desk:forward.done", { number: to.number }));
      onClose();
      await navigate({ to: "/c/$view/$conversationId", params: { view: "all", conversationId: to.id } });
    } catch (error) {
      notifyError(error);
      setBusy(false);
    }
  };
  if (chosen) {
    return (
      <ConfirmDialog
        opened
        harmless
        title={t("desk:forward.title")}
        text={t("desk:forward.text", { name: chosen.contact.name, number: chosen.number })}
        confirm={t("desk:forward.confirm")}
        loading={busy}
        onConfirm={() => void send(chosen)}
        onClose={() => setChosen(null)}
      />
    );
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("desk:forward.title")}
      size={520}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <TextInput
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        label={t("desk:forward.where")}
        placeholder={t("desk:search.placeholder")}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        data-autofocus
        data-testid="forward-search"
      />
      <ul className={styles.rows}>
        {rows.slice(0, 8).map((row) => (
          <li key={row.id}>
            <button
              type="button"
              className={styles.row}
              onClick={() => setChosen(row)}
              data-testid="forward-row"
            >
              <Avatar
                name={row.contact.name}
                color={row.contact.avatar_color}
                mark={<ChannelMark kind={row.channel} size={12} colored />}
              />
              <span className={styles.words}>
                <span className={styles.name}>{row.contact.name}</span>
                <span className={styles.subject}>
                  {row.number} · {row.subject || row.preview || t("common:noSubject")}
                </span>
              </span>
            </button>
          </li>
        ))}
        {settled && data && rows.length === 0 && <li className={styles.none}>{t("common:nothingFound")}</li>}
      </ul>
    </Modal>
  );
}
