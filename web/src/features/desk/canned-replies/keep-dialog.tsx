// What is written in the composer, kept as a reply of one's own.
import { Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { CannedReply } from "@/api/types.ts";
import { DialogFooter } from "@/ui/dialog-footer.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { useForm } from "@/ui/use-form.ts";
import styles from "./canned-replies.module.css";
import { shortNameOf } from "./fitting.ts";
import { cannedRepliesKey } from "./queries.ts";

export function KeepDialog({ html, onClose }: { html: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm({ name: "", short_name: "" });
  const [named, setNamed] = useState(false);
  const { name, short_name } = form.values;
  const save = useMutation({
    mutationFn: () => post<CannedReply>("/canned-replies", { name, short_name, html }),
    onSuccess: async (reply) => {
      notifyDone(t("answers:kept", { name: reply.short_name }));
      await client.invalidateQueries({ queryKey: cannedRepliesKey });
      onClose();
    },
    onError: form.fail,
  });
  const wrong = form.message ?? form.errors.html;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("answers:keepTitle")}
      size={440}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          const required = (value: string) => (value.trim() === "" ? t("admin:required") : undefined);
          if (form.complain({ name: required(name), short_name: required(short_name) })) save.mutate();
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t("answers:name")}
            maxLength={200}
            data-autofocus
            value={name}
            error={form.errors.name}
            onChange={(event) => {
              const next = event.currentTarget.value;
              form.set(named ? { name: next } : { name: next, short_name: shortNameOf(next) });
            }}
            data-testid="keep-name"
          />
          <TextInput
            label={t("answers:shortName")}
            description={t("answers:shortNameHelp")}
            leftSection="/"
            maxLength={40}
            value={short_name}
            error={form.errors.short_name}
            onChange={(event) => {
              setNamed(true);
              form.set({ short_name: event.currentTarget.value });
            }}
            data-testid="keep-short-name"
          />
          {wrong && (
            <p className={styles.error} role="alert">
              {wrong}
            </p>
          )}
          <DialogFooter saving={save.isPending} onClose={onClose} testId="keep-save" />
        </Stack>
      </form>
    </Modal>
  );
}
