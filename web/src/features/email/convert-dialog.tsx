// A conversation made by hand of a letter that could not be read: who wrote, about what, in which words.
import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { ConversationLink, QuarantineDetail } from "@/api/types.ts";
import { isEmail, parseAddress } from "@/lib/text.ts";
import { useForm } from "@/ui/use-form.ts";
import styles from "./email.module.css";

interface Props {
  item: QuarantineDetail;
  opened: boolean;
  onClose: () => void;
  onDone: (conversation: ConversationLink) => Promise<void>;
}

export function ConvertDialog({ opened, onClose, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("email:convert.title")}
      size={600}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <ConvertForm onClose={onClose} {...rest} />
    </Modal>
  );
}

/** What is after the headers, as a beginning to be tidied up. */
function bodyOf(raw: string): string {
  const at = raw.search(/\r?\n\r?\n/);
  return (at < 0 ? raw : raw.slice(at)).trim().slice(0, 20_000);
}

function ConvertForm({ item, onClose, onDone }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const sender = parseAddress(item.from ?? "");
  const [initial] = useState({
    from_email: sender?.address ?? "",
    from_name: sender?.name ?? "",
    subject: item.subject ?? "",
    text: bodyOf(item.raw_preview),
  });
  const form = useForm(initial);
  const convert = useMutation({
    mutationFn: () => {
      const { from_email, from_name, subject, text } = form.values;
      const from = { email: from_email.trim(), name: from_name.trim() || undefined };
      return post<ConversationLink>(`/quarantine/${item.id}/convert`, { from, subject, text });
    },
    onSuccess: onDone,
    onError: form.fail,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const { from_email, text } = form.values;
        const fine = form.complain({
          from_email: isEmail(from_email) ? undefined : t("email:form.wrongAddress"),
          text: text.trim() === "" ? t("email:convert.noText") : undefined,
        });
        if (fine) convert.mutate();
      }}
    >
      <Stack gap="md">
        <p className={styles.note}>{t("email:convert.text")}</p>
        <div className={styles.pair}>
          <TextInput
            label={t("email:convert.email")}
            type="email"
            data-autofocus
            {...form.text("from_email")}
            data-testid="convert-email"
          />
          <TextInput label={t("email:convert.name")} {...form.text("from_name")} />
        </div>
        <TextInput
          label={t("email:convert.subject")}
          {...form.text("subject")}
          data-testid="convert-subject"
        />
        <Textarea
          label={t("email:convert.words")}
          autosize
          minRows={6}
          maxRows={14}
          {...form.text("text")}
          data-testid="convert-text"
        />
        {form.message && Object.keys(form.errors).length === 0 && (
          <p className={styles.error} role="alert">
            {form.message}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={convert.isPending} data-testid="convert-submit">
            {t("email:convert.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
