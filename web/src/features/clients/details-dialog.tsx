// What a card says besides name, company and addresses.
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, put } from "@/api/http.ts";
import type { ContactDetails, Id } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";

const names = ["department", "birthday", "login", "region"] as const;

export default function DetailsDialog({
  id,
  details,
  onClose,
}: {
  id: Id;
  details: ContactDetails;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [values, setValues] = useState<Record<string, string>>(
    Object.fromEntries(names.map((name) => [name, details[name] ?? ""])),
  );
  const [fields, setFields] = useState<Record<string, string>>({});
  const save = useMutation({
    mutationFn: () =>
      put(`/contacts/${id}/details`, {
        ...values,
        birthday: values.birthday?.trim() || null,
        login: values.login?.trim() || null,
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["client"] });
      void client.invalidateQueries({ queryKey: ["clients"] });
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiError && Object.keys(error.fields).length > 0) setFields(error.fields);
      else notifyError(error);
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("clients:details.edit")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        style={{ display: "grid", gap: 12 }}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {names.map((name) => (
          <TextInput
            key={name}
            label={t(`clients:fact.${name}`)}
            description={name === "birthday" ? t("clients:details.birthdayHelp") : undefined}
            value={values[name] ?? ""}
            onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
            error={fields[name]}
            data-autofocus={name === "department" || undefined}
            data-testid={`details-${name}`}
          />
        ))}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t("common:save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
