// A new API token: a name, an end, what it may do. Its secret is shown once, so closing that step by accident is not possible.
import { Alert, Button, Group, Modal, NativeSelect, Stack, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { NewToken, Token } from "@/api/types.ts";
import { CopyField } from "@/ui/copy-field.tsx";
import { useForm } from "@/ui/use-form.ts";
import { tokensQuery } from "./queries.ts";
import { ScopePicker } from "./scope-picker.tsx";
import { expiry } from "./scopes.ts";
import styles from "./settings.module.css";

const terms = ["30", "90", "365", "never"] as const;
const empty = { name: "", term: "90", scopes: [] as string[] };

export function TokenDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<string | null>(null);
  useEffect(() => {
    if (opened) setSecret(null);
  }, [opened]);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={secret ? t("auth:tokens.createdTitle") : t("auth:tokens.createTitle")}
      size={560}
      closeOnClickOutside={false}
      closeOnEscape={secret === null}
      withCloseButton={secret === null}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {secret ? (
        <Stack gap="md">
          <CopyField value={secret} label={t("auth:tokens.secret")} testId="token-secret" />
          <Alert color="yellow" icon={<IconAlertTriangle size={18} stroke={1.5} />}>
            {t("auth:tokens.once")}
          </Alert>
          <Group justify="flex-end">
            <Button onClick={onClose} data-testid="token-done">
              {t("auth:tokens.done")}
            </Button>
          </Group>
        </Stack>
      ) : (
        <TokenForm onClose={onClose} onCreated={setSecret} />
      )}
    </Modal>
  );
}

function TokenForm({ onClose, onCreated }: { onClose: () => void; onCreated: (secret: string) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const form = useForm(empty);
  const [key] = useState(() => crypto.randomUUID());
  const create = useMutation({
    mutationFn: (token: NewToken) =>
      post<{ token: Token; secret: string }>("/tokens", token, { idempotencyKey: key }),
    onSuccess: ({ secret }) => {
      onCreated(secret);
      return client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
    onError: form.fail,
  });
  const submit = () => {
    const { name, term, scopes } = form.values;
    const fine = form.complain({
      name: name.trim() === "" ? t("auth:error.required") : undefined,
      scopes: scopes.length === 0 ? t("auth:tokens.noScopes") : undefined,
    });
    const expires_at = expiry(term === "never" ? null : Number(term), new Date());
    if (fine) create.mutate({ name, scopes, expires_at });
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        <TextInput
          label={t("auth:tokens.name")}
          description={t("auth:tokens.nameHelp")}
          data-autofocus
          {...form.text("name")}
          data-testid="token-name"
        />
        <NativeSelect
          label={t("auth:tokens.term")}
          description={t("auth:tokens.termHelp")}
          data={terms.map((value) => ({ value, label: t(`auth:tokens.terms.${value}`) }))}
          {...form.text("term")}
          data-testid="token-term"
        />
        <ScopePicker
          all={me.permissions}
          chosen={form.values.scopes}
          onChange={(scopes) => form.set({ scopes })}
          error={form.errors.scopes}
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
          <Button type="submit" loading={create.isPending} data-testid="token-submit">
            {t("auth:tokens.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
