// Writing down a call, a visit or anything else that no channel brought: where from, who, what was said, when.
import { Button, Group, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import type { ConversationRow } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { applyRow, refreshCounters } from "./cache.ts";
import styles from "./new-conversation.module.css";
import { asLocal, caller } from "./new-way.ts";
import { linesQuery, sourcesQuery } from "./queries.ts";

interface Props {
  line: string | undefined;
  onClose: () => void;
  onTouch: () => void;
}

export function RegisterForm({ line, onClose, onTouch }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: lines } = useQuery(linesQuery);
  const { data: sources } = useQuery(sourcesQuery);
  const offered = (sources?.items ?? []).filter((source) => !source.archived);
  const [values, setValues] = useState(() => ({
    line_id: line ?? "",
    source_id: "",
    name: "",
    phone: "",
    email: "",
    subject: "",
    text: "",
    at: asLocal(new Date()),
  }));
  const [fields, setFields] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const set = (change: Partial<typeof values>) => {
    onTouch();
    setValues((old) => ({ ...old, ...change }));
  };
  const text = (name: keyof typeof values, field: string = name) => ({
    value: values[name],
    error: fields[field] || undefined,
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });
  const line_id = values.line_id || lines?.items[0]?.id || "";
  const source_id = values.source_id || offered[0]?.id || "";
  const known = [values.name, values.phone, values.email].some((each) => each.trim() !== "");
  const ready = line_id !== "" && source_id !== "" && known && values.text.trim() !== "";

  const save = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setFields({});
    try {
      const created = await post<ConversationRow>(
        "/conversations/register",
        {
          line_id,
          source_id,
          contact: caller(values.name, values.phone, values.email),
          subject: values.subject.trim(),
          text: values.text.trim(),
          happened_at: values.at ? new Date(values.at).toISOString() : undefined,
        },
        { idempotencyKey: key },
      );
      applyRow(client, created);
      void refreshCounters(client);
      onClose();
      await navigate({
        to: "/c/$view/$conversationId",
        params: { view: "open", conversationId: created.id },
      });
    } catch (error) {
      if (error instanceof ApiError) setKey(crypto.randomUUID());
      if (error instanceof ApiError && Object.keys(error.fields).length > 0) setFields(error.fields);
      else notifyError(error, t("desk:register.failed"));
      setBusy(false);
    }
  };

  return (
    <form
      className={styles.form}
      data-testid="register-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className={styles.pair}>
        <NativeSelect
          label={t("desk:register.source")}
          data={offered.map((source) => ({ value: source.id, label: source.name }))}
          {...text("source_id")}
          value={source_id}
          description={sources && offered.length === 0 ? t("desk:register.noSources") : undefined}
          data-testid="register-source"
        />
        <NativeSelect
          label={t("desk:new.line")}
          data={(lines?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
          {...text("line_id")}
          value={line_id}
        />
      </div>
      <TextInput
        label={t("desk:register.name")}
        {...text("name", "contact.name")}
        data-autofocus
        data-testid="register-name"
      />
      <div className={styles.pair}>
        <TextInput
          label={t("desk:register.phone")}
          type="tel"
          placeholder="+7 921 555-01-10"
          {...text("phone", "contact.phone")}
          data-testid="register-phone"
        />
        <TextInput label={t("desk:register.email")} type="email" {...text("email", "contact.email")} />
      </div>
      <Textarea
        label={t("desk:register.text")}
        placeholder={t("desk:register.textPlaceholder")}
        autosize
        minRows={4}
        maxRows={12}
        {...text("text")}
        data-testid="register-text"
      />
      <div className={styles.pair}>
        <TextInput label={t("desk:register.subject")} {...text("subject")} />
        <TextInput label={t("desk:register.at")} type="datetime-local" {...text("at", "happened_at")} />
      </div>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button type="submit" loading={busy} disabled={!ready} data-testid="register-save">
          {t("desk:register.save")}
        </Button>
      </Group>
    </form>
  );
}
