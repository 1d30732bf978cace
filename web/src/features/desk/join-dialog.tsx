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

interface Props {
  contact: Contact;
  /** The other card, when it is known which. */
  other?: Pick<ContactRef, "id" | "name">;
  onClose: () => void;
}

export default function JoinDialog({ contact, other, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  // Namesakes first: the same person often has a card for mail and one for a messenger.
  const [words, setWords] = useState(contact.name);
  const settled = useDebounced(words.trim(), 250);
  const [chosen, setChosen] = useState<Pick<ContactRef, "id" | "name"> | null>(other ?? null);
  const [busy, setBusy] = useState(false);
  const { data } = useQuery({ ...searchQuery(settled), placeholderData: keepPreviousData });
  const found = new Map<Id, ContactRef>();
  for (const { conversation } of settled ? (data?.items ?? []) : [])
    if (conversation.contact.id !== contact.id) found.set(conversation.contact.id, conversation.contact);
  const join = async (lost: Pick<ContactRef, "id" | "name">) => {
    setBusy(true);
    try {
      const joined = await post<Contact>(`/contacts/${contact.id}/absorb`, { contact_id: lost.id });
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
        onClose={() => (other ? onClose() : setChosen(null))}
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
        {[...found.values()].slice(0, 8).map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className={styles.row}
              onClick={() => setChosen(one)}
              data-testid="join-row"
            >
              <Avatar name={one.name} color={one.avatar_color} />
              <span className={styles.words}>
                <span className={styles.name}>{one.name}</span>
                {one.company && <span className={styles.subject}>{one.company.name}</span>}
              </span>
            </button>
          </li>
        ))}
        {settled && data && found.size === 0 && <li className={styles.none}>{t("common:nothingFound")}</li>}
      </ul>
    </Modal>
  );
}
