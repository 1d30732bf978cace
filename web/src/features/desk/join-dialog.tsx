// Two cards of one person become one: the other one is found among those who have written, and joined after a question.
import { Modal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Contact, ContactRef, Id } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { useDebounced } from "@/ui/use-debounced.ts";
import styles from "./forward-dialog.module.css";
import { contactQuery, searchQuery } from "./queries.ts";

export default function JoinDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  // Namesakes first: the same person often has a card for mail and one for a messenger.
  const [words, setWords] = useState(contact.name);
  const settled = useDebounced(words.trim(), 250);
  const [chosen, setChosen] = useState<ContactRef | null>(null);
  const [busy, setBusy] = useState(false);
  const { data } = useQuery({ ...searchQuery(settled), placeholderData: keepPreviousData });
  const others = new Map<Id, ContactRef>();
  for (const { conversation } of settled ? (data?.items ?? []) : [])
    if (conversation.contact.id !== contact.id) others.set(conversation.contact.id, conversation.contact);
  const join = async (other: ContactRef) => {
    setBusy(true);
    try {
      const joined = await post<Contact>(`/contacts/${contact.id}/absorb`, { contact_id: other.id });
      client.setQueryData(contactQuery(contact.id).queryKey, joined);
      for (const key of ["contact", "conversations", "conversation", "routes"])
        void client.invalidateQueries({ queryKey: [key] });
      notifyDone(t("desk:join.done"));
      onClose();
    } catch (error) {
      notifyError(error);
      setBusy(false);
    }
  };
  if (chosen) {
    return (
      <ConfirmDialog
        opened
        title={t("desk:join.title")}
        text={t("desk:join.text", { other: chosen.name, name: contact.name })}
        confirm={t("desk:join.confirm")}
        loading={busy}
        onConfirm={() => void join(chosen)}
        onClose={() => setChosen(null)}
      />
    );
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("desk:join.title")}
      size={520}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <TextInput
        label={t("desk:join.other")}
        description={t("desk:join.help")}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        data-autofocus
        data-testid="join-search"
      />
      <ul className={styles.rows}>
        {[...others.values()].slice(0, 8).map((other) => (
          <li key={other.id}>
            <button
              type="button"
              className={styles.row}
              onClick={() => setChosen(other)}
              data-testid="join-row"
            >
              <Avatar name={other.name} color={other.avatar_color} />
              <span className={styles.words}>
                <span className={styles.name}>{other.name}</span>
                {other.company && <span className={styles.subject}>{other.company.name}</span>}
              </span>
            </button>
          </li>
        ))}
        {settled && data && others.size === 0 && <li className={styles.none}>{t("common:nothingFound")}</li>}
      </ul>
    </Modal>
  );
}
