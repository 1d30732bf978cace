// Changing what is known about a client.
import { Button, Group, Modal, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, patch } from "@/api/http.ts";
import type { Contact } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { contactQuery } from "./queries.ts";

export default function ContactDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(contact.name);
  const [position, setPosition] = useState(contact.position);
  const [company, setCompany] = useState(contact.company?.name ?? "");
  const [inn, setInn] = useState(contact.company?.inn ?? "");
  const [note, setNote] = useState(contact.note);
  const [fields, setFields] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const companyChanged =
      company.trim() !== (contact.company?.name ?? "") || inn.trim() !== (contact.company?.inn ?? "");
    try {
      const saved = await patch<Contact>(`/contacts/${contact.id}`, {
        name: name.trim(),
        position: position.trim(),
        note: note.trim(),
        ...(companyChanged
          ? { company: company.trim() ? { name: company.trim(), inn: inn.trim() || null } : null }
          : {}),
      });
      client.setQueryData(contactQuery(contact.id).queryKey, saved);
      void client.invalidateQueries({ queryKey: ["conversations"] });
      void client.invalidateQueries({ queryKey: ["conversation"] });
      onClose();
    } catch (error) {
      if (error instanceof ApiError) setFields(error.fields);
      if (!(error instanceof ApiError) || Object.keys(error.fields).length === 0) notifyError(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={t("desk:contact.edit")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form onSubmit={(event) => void save(event)} style={{ display: "grid", gap: 12 }}>
        <TextInput
          label={t("desk:contact.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fields.name}
          required
          data-autofocus
        />
        <TextInput
          label={t("desk:contact.position")}
          value={position}
          onChange={(event) => setPosition(event.currentTarget.value)}
          error={fields.position}
        />
        <TextInput
          label={t("desk:contact.company")}
          value={company}
          onChange={(event) => setCompany(event.currentTarget.value)}
          error={fields.company}
        />
        {company.trim() && (
          <TextInput
            label={t("desk:contact.inn")}
            value={inn}
            onChange={(event) => setInn(event.currentTarget.value)}
            error={fields.inn ?? fields["company.inn"]}
            inputMode="numeric"
          />
        )}
        <Textarea
          label={t("desk:contact.note")}
          description={t("desk:contact.noteHelp")}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          error={fields.note}
          autosize
          minRows={2}
          maxRows={8}
        />
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={!name.trim()}>
            {t("common:save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
