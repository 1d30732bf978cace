// A group conversation begun from the card of a client.
import { Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Conversation } from "@/api/types.ts";
import { GroupForm } from "@/ui/group-form.tsx";
import { applyRow, refreshCounters } from "./cache.ts";

export default function GroupDialog({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("groups:new")}
      size={520}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <GroupForm
        line={conversation.line.id}
        client={conversation.contact}
        onClose={onClose}
        onDone={(row) => {
          applyRow(client, row);
          void refreshCounters(client);
          void client.invalidateQueries({ queryKey: ["groups"] });
          onClose();
          void navigate({
            to: "/c/$view/$conversationId",
            params: { view: "groups", conversationId: row.id },
            search: {},
          });
        }}
      />
    </Modal>
  );
}
