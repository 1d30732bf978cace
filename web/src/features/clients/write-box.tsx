// A few words or a file to the client: a case registers by itself.
import { Button, FileButton, Pill, Textarea } from "@mantine/core";
import { IconPaperclip, IconSend } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { address, post, toError } from "@/api/http.ts";
import type { Client, Id, Items } from "@/api/types.ts";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import styles from "./clients.module.css";
import { refreshClients } from "./queries.ts";

async function upload(files: File[]): Promise<Id[]> {
  if (files.length === 0) return [];
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  const answer = await fetch(address("/files"), { method: "POST", body: form, credentials: "same-origin" });
  if (!answer.ok) throw await toError(answer);
  const { items } = (await answer.json()) as Items<{ id: Id }>;
  return items.map((item) => item.id);
}

/** Plain words as the editor would write them. */
export function asHtml(text: string): string {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return safe
    .split(/\n{2,}/)
    .map((part) => `<p>${part.replaceAll("\n", "<br>")}</p>`)
    .join("");
}

export function WriteBox({ line, client }: { line: Id; client: Client }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [files, setFiles] = useState<File[]>([]);
  // The same call again after a lost answer sends nothing twice.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const send = useMutation({
    mutationFn: async () => {
      const attachment_ids = await upload(files);
      const html = text.trim() ? asHtml(text.trim()) : "";
      return post<{ created: boolean }>(
        `/lines/${line}/clients/${client.id}/messages`,
        { html, attachment_ids },
        { idempotencyKey: key },
      );
    },
    onSuccess: ({ created }) => {
      setText("");
      setFiles([]);
      notifyDone(t(created ? "clients:write.sentNew" : "clients:write.sent"));
      refreshClients(queries, line);
    },
    onError: (error) => notifyError(error),
    onSettled: () => setKey(crypto.randomUUID()),
  });
  const says = text.trim() !== "" || files.length > 0;
  return (
    <form
      className={styles.write}
      onSubmit={(event) => {
        event.preventDefault();
        if (says) send.mutate();
      }}
    >
      <Textarea
        aria-label={t("clients:write.label", { name: client.name })}
        placeholder={t("clients:write.label", { name: client.name })}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && says) send.mutate();
        }}
        autosize
        minRows={2}
        maxRows={8}
        data-testid="client-write"
      />
      <div className={styles.writeTools}>
        {files.map((file) => (
          <Pill
            key={`${file.name}${file.size}`}
            withRemoveButton
            onRemove={() => setFiles(files.filter((each) => each !== file))}
            removeButtonProps={{ "aria-label": t("clients:write.drop", { name: file.name }) }}
          >
            {file.name}
          </Pill>
        ))}
        <span className={styles.writeHint}>{t("clients:write.hint")}</span>
        <FileButton multiple onChange={(chosen) => setFiles([...files, ...chosen])}>
          {(props) => (
            <Button
              {...props}
              size="xs"
              variant="default"
              leftSection={<IconPaperclip size={16} stroke={1.5} />}
            >
              {t("clients:write.file")}
            </Button>
          )}
        </FileButton>
        <Button
          type="submit"
          size="xs"
          leftSection={<IconSend size={16} stroke={1.5} />}
          loading={send.isPending}
          disabled={!says}
          data-testid="client-send"
        >
          {t("clients:write.send")}
        </Button>
      </div>
    </form>
  );
}
