// A conversation with several people: the client, colleagues and others, by mail. Messengers know no such groups, and it is said so.
import { Button, Group, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import type { ConversationRow } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import type { FormProps } from "./client-dialog.tsx";
import styles from "./clients.module.css";
import { cardQuery, refreshClients } from "./queries.ts";
import { asHtml } from "./write-box.tsx";

export function GroupForm({ line, client, onClose }: FormProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const card = useQuery(cardQuery(client.id));
  const own = card.data?.identities.find((identity) => identity.kind === "email")?.value;
  const [others, setOthers] = useState<string[]>([]);
  const [subject, setSubject] = useState("");
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string>();
  const save = useMutation({
    mutationFn: () =>
      post<ConversationRow>("/conversations", {
        line_id: line,
        to: [{ name: client.name, address: own }],
        cc: others.map((address) => ({ address })),
        subject: subject.trim(),
        html: asHtml(text.trim()),
      }),
    onSuccess: (row) => {
      refreshClients(queries, line);
      void navigate({
        to: "/c/$view/$conversationId",
        params: { view: "all", conversationId: row.id },
        search: {},
      });
    },
    onError: (error) => {
      const field = error instanceof ApiError ? Object.values(error.fields)[0] : undefined;
      if (field) setWrong(field);
      else notifyError(error);
    },
  });
  if (card.isSuccess && !own) return <p className={styles.muted}>{t("clients:group.noMail")}</p>;
  return (
    <form
      style={{ display: "grid", gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <p className={styles.muted}>{t("clients:group.how", { address: own ?? "" })}</p>
      <TagsInput
        label={t("clients:group.others")}
        description={t("clients:group.othersHelp")}
        value={others}
        onChange={setOthers}
        splitChars={[",", ";", " "]}
        acceptValueOnBlur
        error={wrong}
        data-autofocus
        data-testid="group-others"
      />
      <TextInput
        label={t("clients:group.subject")}
        value={subject}
        onChange={(event) => setSubject(event.currentTarget.value)}
        data-testid="group-subject"
      />
      <Textarea
        label={t("clients:group.text")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autosize
        minRows={3}
        data-testid="group-text"
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button
          type="submit"
          loading={save.isPending}
          disabled={!own || others.length === 0 || !subject.trim() || !text.trim()}
          data-testid="group-submit"
        >
          {t("clients:group.start")}
        </Button>
      </Group>
    </form>
  );
}
