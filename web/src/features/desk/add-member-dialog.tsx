// Somebody joins a group conversation: a client of the line or a colleague.
import { Button, Group, Modal, SegmentedControl } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import type { Conversation } from "@/api/types.ts";
import { useClientSearch, useColleaguesToAdd } from "@/ui/group-people.ts";
import { notifyError } from "@/ui/notify.ts";
import { PeopleField, type Someone } from "@/ui/people-field.tsx";
import { refreshConversation } from "./cache.ts";
import panel from "./panel.module.css";

export default function AddMemberDialog({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [who, setWho] = useState<"client" | "staff">("client");
  const [chosen, setChosen] = useState<Someone[]>([]);
  const people = useClientSearch(conversation.line.id, conversation.contact.company?.name);
  const colleagues = useColleaguesToAdd();
  const known = new Set(conversation.members.map((one) => one.contact?.id ?? one.user?.id));
  const found = (who === "client" ? people.found : colleagues).filter((one) => !known.has(one.id));
  const save = useMutation({
    mutationFn: (id: string) =>
      post(
        `/conversations/${conversation.id}/members`,
        who === "client" ? { contact_id: id } : { user_id: id },
      ),
    onSuccess: () => {
      void refreshConversation(queries, conversation.id);
      void queries.invalidateQueries({ queryKey: ["groups"] });
      onClose();
    },
    onError: (error) => {
      if (!(error instanceof ApiError && Object.keys(error.fields).length > 0)) notifyError(error);
    },
  });
  const wrong = save.error instanceof ApiError ? Object.values(save.error.fields)[0] : undefined;
  const one = chosen[0];
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("groups:add")}
      size={440}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        style={{ display: "grid", gap: 16 }}
        onSubmit={(event) => {
          event.preventDefault();
          if (one) save.mutate(one.id);
        }}
      >
        <SegmentedControl
          fullWidth
          value={who}
          onChange={(next) => {
            setWho(next === "staff" ? "staff" : "client");
            setChosen([]);
            save.reset();
          }}
          data={[
            { value: "client", label: t("groups:client") },
            { value: "staff", label: t("groups:colleague") },
          ]}
          aria-label={t("groups:add")}
        />
        <PeopleField
          key={who}
          label={t(who === "client" ? "groups:client" : "groups:colleague")}
          placeholder={t(who === "client" ? "groups:clientsFind" : "groups:staffFind")}
          found={found}
          chosen={chosen}
          onChange={(next) => {
            setChosen(next);
            save.reset();
          }}
          {...(who === "client" ? { onSearch: people.search, busy: people.busy } : {})}
          single
          error={wrong}
          autoFocus
          testid="member-find"
        />
        <p className={panel.muted}>{t(who === "client" ? "groups:addClient" : "groups:addStaff")}</p>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" disabled={!one} loading={save.isPending} data-testid="member-save">
            {t("groups:addNow")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
