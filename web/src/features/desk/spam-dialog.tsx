// Marking a conversation as spam, with the choice to keep its sender out from now on.
import { Button, Checkbox, Group, Modal, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Conversation, ConversationRow } from "@/api/types.ts";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { applyRow, refreshConversation, refreshCounters } from "./cache.ts";

export function SpamDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const [block, setBlock] = useState(false);
  const [busy, setBusy] = useState(false);
  const mark = async () => {
    setBusy(true);
    try {
      applyRow(
        client,
        await post<ConversationRow>(`/conversations/${conversation.id}/spam`, { block_sender: block }),
      );
      void refreshConversation(client, conversation.id);
      void refreshCounters(client);
      notifyDone(t("desk:spam.done"));
      onClose();
    } catch (error) {
      notifyError(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("desk:spam.title")}
      size={440}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <Text size="md">{t("desk:spam.text")}</Text>
      {can("lines.manage") && (
        <Checkbox
          mt="md"
          label={t("desk:spam.block", { name: conversation.contact.name })}
          description={t("desk:spam.blockHelp")}
          checked={block}
          onChange={(event) => setBlock(event.currentTarget.checked)}
          data-testid="spam-block"
        />
      )}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button loading={busy} onClick={() => void mark()} data-testid="spam-confirm">
          {t("desk:spam.confirm")}
        </Button>
      </Group>
    </Modal>
  );
}
