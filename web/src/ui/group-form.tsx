// Begins a group conversation: what it is called, which clients and which colleagues write in it.
import { Button, Group, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import type { ContactRef, ConversationRow, Id } from "@/api/types.ts";
import styles from "./group-form.module.css";
import { useClientSearch, useColleaguesToAdd } from "./group-people.ts";
import { notifyError } from "./notify.ts";
import { PeopleField, type Someone } from "./people-field.tsx";

interface Props {
  line: Id;
  client: Pick<ContactRef, "id" | "name" | "avatar_color" | "company">;
  onDone: (row: ConversationRow) => void;
  onClose: () => void;
}

/** The words of the first field whose name begins like this. */
const wrong = (error: unknown, field: string) =>
  error instanceof ApiError
    ? Object.entries(error.fields).find(([name]) => name.startsWith(field))?.[1]
    : undefined;

export function GroupForm({ line, client, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const [title, setTitle] = useState("");
  const [clients, setClients] = useState<Someone[]>([{ ...client, note: client.company?.name }]);
  const [staff, setStaff] = useState<Someone[]>([]);
  const people = useClientSearch(line, client.company?.name);
  const colleagues = useColleaguesToAdd();
  const [key] = useState(() => crypto.randomUUID());
  const save = useMutation({
    mutationFn: () =>
      post<ConversationRow>(
        "/group-chats",
        {
          line_id: line,
          title: title.trim(),
          contacts: clients.map(({ id }) => ({ contact_id: id })),
          user_ids: staff.map(({ id }) => id),
        },
        { idempotencyKey: key },
      ),
    onSuccess: onDone,
    onError: (error) => {
      if (!(error instanceof ApiError && Object.keys(error.fields).length > 0)) notifyError(error);
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <p className={styles.how}>{t("groups:how")}</p>
      <TextInput
        label={t("groups:title")}
        description={t("groups:titleHelp")}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        error={wrong(save.error, "title")}
        maxLength={200}
        data-autofocus
        data-testid="group-title"
      />
      <PeopleField
        label={t("groups:clients")}
        description={t("groups:clientsHelp")}
        placeholder={t("groups:clientsFind")}
        found={people.found}
        busy={people.busy}
        onSearch={people.search}
        chosen={clients}
        onChange={setClients}
        fixed={client.id}
        error={wrong(save.error, "contacts")}
        testid="group-clients"
      />
      <PeopleField
        label={t("groups:staff")}
        description={t("groups:staffHelp")}
        placeholder={t("groups:staffFind")}
        found={colleagues}
        chosen={staff}
        onChange={setStaff}
        error={wrong(save.error, "user_ids")}
        testid="group-staff"
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} disabled={!title.trim()} data-testid="group-submit">
          {t("groups:start")}
        </Button>
      </Group>
    </form>
  );
}
